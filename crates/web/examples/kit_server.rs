//! throwaway
use std::sync::Arc;
#[tokio::main]
async fn main() {
    let site = Arc::new(atalaya_web::site::Site {
        https: false,
        hosts: atalaya_web::security::hosts::AllowedHosts::new(&[], false),
        numbers: atalaya_web::locale::Numbers::CommaPoint,
        zone: jiff::tz::TimeZone::UTC,
    });
    let r = axum::Router::new()
        .route(atalaya_web::pages::kit::PATH, axum::routing::get(atalaya_web::pages::kit::show))
        .route(atalaya_web::assets::ASSETS_PATH, axum::routing::get(atalaya_web::assets::serve))
        .with_state(Arc::clone(&site));
    let l = tokio::net::TcpListener::bind("127.0.0.1:18999").await.unwrap();
    axum::serve(l, atalaya_web::site::protect(r, &site)).await.unwrap();
}
