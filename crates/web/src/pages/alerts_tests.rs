//! Alerts through the whole server, as a browser without script sees them.

use crate::trial::farm::HOSTILE;
use crate::trial::{Person, Trial};
use axum::http::StatusCode;
use model::Role;

const BAR: &str = "1 alerta abierta";

#[tokio::test]
async fn an_alert_stands_on_every_page_until_somebody_takes_it() {
    let trial = Trial::new();
    let (agent, viewer) = (Person::of(&trial, Role::Agent), Person::of(&trial, Role::Viewer));
    assert!(viewer.get("/alerts").await.contains("No hay alertas abiertas"));
    assert!(agent.get("/").await.contains("data-alerts=\"/alerts/live\" hidden"), "ready for what comes");
    trial.plant();
    let group = trial.look();
    trial.echo();
    for path in ["/", "/explorer", "/coordination", "/settings", "/alerts"] {
        assert!(agent.get(path).await.contains(BAR), "{path}");
        assert!(!viewer.get(path).await.contains(BAR), "{path}: who only reads takes nothing");
    }
    let overview = viewer.get("/").await;
    assert!(
        overview.contains("href=\"/alerts#alert-1\"") && overview.contains("salió de su círculo"),
        "{overview}"
    );
    let page = viewer.get("/alerts").await;
    let parts = [
        "id=\"alert-1\"",
        "Primeras cuentas ajenas que lo llevaron",
        "recien",
        "zqxgranja",
        &format!("/coordination/groups/{group}"),
        "Parte que vino de otras cuentas",
    ];
    for part in parts {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains(HOSTILE) && !overview.contains(HOSTILE), "what others wrote is escaped");
    assert!(!page.contains("Marcar como vista"), "who only reads does not take it");
    assert_eq!(viewer.post("/alerts/1/seen", &[]).await.status, StatusCode::FORBIDDEN);
    assert!(agent.get("/alerts").await.contains("Marcar como vista"));
    let bare = agent.send("/alerts/1/seen", String::new()).await;
    assert_eq!(bare.status, StatusCode::FORBIDDEN, "without the form's token");
    let answer = agent.post("/alerts/1/seen", &[]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/alerts?done=alert-seen"));
    assert_eq!(agent.post("/alerts/99/seen", &[]).await.status, StatusCode::NOT_FOUND);

    let page = agent.get("/alerts?done=alert-seen").await;
    assert!(page.contains("por agent") && page.contains("Alerta marcada como vista"), "{page}");
    assert!(!page.contains(BAR) && page.contains("No hay alertas abiertas"), "{page}");
    assert!(!viewer.get("/").await.contains("/alerts#alert-1"));
    let older = agent.get("/alerts?before=1").await;
    assert!(older.contains("No hay alertas más antiguas") && !older.contains("id=\"alert-1\""), "{older}");
}
