//! `atalaya serve`: pages, API and listening in one process.

use super::Desk;
use crate::arguments::ServeOptions;
use crate::output::print_line;
use anyhow::{Context, Result};
use app::App;
use jiff::tz::TimeZone;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;
use web::front::Front;
use web::locale::Numbers;
use web::security::hosts::AllowedHosts;
use web::site::Site;

/// Serves until interrupted.
pub fn serve(desk: &Desk, options: &ServeOptions) -> Result<u8> {
    let app = desk.open()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(app, options, std::future::pending()))?;
    Ok(crate::EXIT_OK)
}

/// Serves, with `beside` running as long (the demo's world), until the first
/// interrupt or termination signal.
pub async fn run(
    app: Arc<App>,
    options: &ServeOptions,
    beside: impl Future<Output = ()> + Send,
) -> Result<()> {
    let listener = TcpListener::bind(options.listen).await.with_context(|| {
        format!("cannot listen on {}: choose another address with --listen", options.listen)
    })?;
    let address = listener.local_addr()?;
    for workspace in app.open_all()? {
        tracing::info!(workspace = workspace.info().slug.as_str(), posts = workspace.posts(), "opened");
    }
    let front = Front::new(Arc::clone(&app), site_of(options, address));
    let (stop, stopped) = watch::channel(false);
    let sources = tokio::spawn(app::listening::run_sources(Arc::clone(&app), stopped.clone()));
    let pictures = tokio::spawn(app::understanding::run_pictures(Arc::clone(&app), stopped.clone()));
    let pages = tokio::spawn(web::server::serve(Arc::new(front), listener, stopped));
    announce(&app, options, address)?;
    tokio::select! {
        () = signalled() => {}
        () = beside => {}
    }
    stop.send_replace(true);
    pages.await?.context("the server of pages failed")?;
    sources.await?;
    pictures.await?;
    Ok(())
}

fn announce(app: &App, options: &ServeOptions, address: SocketAddr) -> Result<()> {
    let url = options.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    print_line(&format!("Atalaya: {url}"))?;
    if app.needs_set_up()? {
        print_line("The first visit makes the administrator and the workspace.")?;
    }
    Ok(())
}

fn site_of(options: &ServeOptions, address: SocketAddr) -> Site {
    let public_host = options
        .public_url
        .as_deref()
        .and_then(|url| url.split_once("://"))
        .and_then(|(_, rest)| rest.split('/').next())
        .map(str::to_owned);
    Site {
        https: options.public_url.as_deref().is_some_and(|url| url.starts_with("https://")),
        hosts: AllowedHosts::new(&public_host.into_iter().collect::<Vec<_>>(), address.ip().is_unspecified()),
        numbers: Numbers::CommaPoint,
        zone: TimeZone::UTC,
    }
}

/// The first interrupt or termination signal.
async fn signalled() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
