//! Coordinated networks through the whole server, as a browser without script
//! sees them.

use crate::trial::farm::{FARM, HOSTILE};
use crate::trial::{Person, Trial};
use ::app::coordination::METHOD_VERSION;
use axum::http::{StatusCode, header};
use model::Role;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_search_is_begun_watched_and_listed() {
    let trial = Trial::new();
    let (agent, viewer) = (Person::of(&trial, Role::Agent), Person::of(&trial, Role::Viewer));
    let page = viewer.get("/coordination").await;
    assert!(page.contains("Todavía no se ha buscado") && !page.contains("Buscar ahora</span>"), "{page}");
    assert!(viewer.get("/coordination/map").await.contains("Todavía no hay mapa"));
    assert!(viewer.get("/coordination/audit?q=agua").await.contains("Primero hay que buscar grupos"));
    assert!(agent.get("/coordination").await.contains("Buscar ahora</span>"));

    trial.plant();
    let answer = agent.post("/coordination/run", &[]).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, "/coordination?done=coordination-begun")
    );
    let until = Instant::now() + Duration::from_secs(120);
    loop {
        let reply = agent.fragment("/coordination/run").await;
        if reply.headers.contains_key("hx-refresh") {
            break;
        }
        assert!(
            reply.text.contains("<progress") && reply.text.contains("Detener la búsqueda"),
            "{}",
            reply.text
        );
        assert!(Instant::now() < until, "the search does not end");
        tokio::task::yield_now().await;
    }
    let page = viewer.get("/coordination").await;
    assert!(page.contains("Última búsqueda") && page.contains("de forma coordinada"), "{page}");
    assert!(page.contains("zqxgranja") && page.contains("Nadie ha decidido todavía"), "{page}");
    assert!(page.contains("Hashtags") || page.contains("Enlaces"), "what was looked at");
}

#[tokio::test]
async fn the_card_shows_the_evidence_and_claims_no_more() {
    let trial = Trial::new();
    trial.plant();
    let id = trial.look();
    let viewer = Person::of(&trial, Role::Viewer);
    let page = viewer.get(&format!("/coordination/groups/{id}")).await;
    let parts = [
        "Qué hace",
        "qué lo cambiaría",
        "Explicaciones inocentes",
        "Publicaciones lado a lado",
        "Lo observado frente a lo esperable",
        "Cuándo actúa",
        "Cuándo se crearon",
        "Nombres que han usado",
        "Lo que comparten",
        "salida del círculo",
        "Grupos anteriores",
        "Cuentas del grupo",
        "Decisión del equipo",
    ];
    for part in parts {
        assert!(page.contains(part), "{part}: {page}");
    }
    let title = page.split("<h1>").nth(1).unwrap().split("</h1>").next().unwrap();
    assert!(title.contains("robable que") || title.contains("posible que"), "{title}");
    assert!(title.contains(&format!("{FARM} cuentas")) && title.contains("de forma coordinada"), "{title}");
    assert!(!page.contains(HOSTILE) && page.contains("&#60;script&#62;"), "what others wrote is escaped");
    let zone = &trial.workspace.info().time_zone;
    let told = page.matches(&format!("Fechas y horas de {zone}.")).count();
    let titled = page.matches(&format!("({zone})")).count();
    assert!(told >= 5 && titled >= 3, "one clock, named wherever it is read: {told} and {titled}");
    assert!(!page.contains("por fecha (UTC)") || zone == "UTC", "{page}");
    assert!(!page.contains("Firmar la decisión</span>"), "who only reads does not sign");
    assert!(!page.contains("/files/data.json"), "nor takes evidence out");
    let accounts = format!("/coordination/groups/{id}/accounts/");
    assert!(page.contains(&accounts), "members lead to their cards: {page}");
    let missing = viewer.load("/coordination/groups/0123456789abcdef").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

/// The address of the first card of a member that a page leads to.
fn first_member(page: &str, id: &str) -> String {
    let start = format!("/coordination/groups/{id}/accounts/");
    let at = page.find(&start).expect("a member");
    page[at..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_card_of_an_account_lays_it_beside_the_others() {
    let trial = Trial::new();
    trial.plant();
    let id = trial.look();
    let (agent, viewer) = (Person::of(&trial, Role::Agent), Person::of(&trial, Role::Viewer));
    let group = format!("/coordination/groups/{id}");
    let path = first_member(&viewer.get(&group).await, &id);
    let page = viewer.get(&path).await;
    let parts = [
        "La palabra es del grupo",
        "Lo que se sabe de ella",
        "junto a las de las otras",
        "Con quién coincide",
        "Lo que habla en contra",
        "Qué cambiaría el resultado",
        "Señales en la cuenta",
        "Cuándo actúa",
        "Lo que comparten",
        "Otros grupos en los que estuvo",
    ];
    for part in parts {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(
        page.contains("La otra, ") && page.contains("En el mismo segundo") || page.contains("segundos"),
        "{page}"
    );
    assert!(
        page.contains("/authors/file%3A") && page.contains("href=\"/posts/"),
        "it leads to what it rests on"
    );
    assert!(!page.contains(HOSTILE) && page.contains("&#60;script&#62;"), "what others wrote is escaped");
    assert!(!page.contains("/files/data.json"), "who only reads takes nothing out");
    let by_name = viewer.get(&format!("{group}/accounts/file%3Azqxgranja1")).await;
    assert!(by_name.contains("zqxgranja1 en su grupo"), "its own name leads there as well");
    for stranger in ["file%3Apersona1", "0123456789abcdef", "..%2F..%2Fx"] {
        let reply = viewer.load(&format!("{group}/accounts/{stranger}")).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{stranger}");
    }
    assert!(agent.get(&path).await.contains(&format!("{path}/files/data.json")));
    let get = async |name: &str| agent.load(&format!("{path}/files/{name}")).await;
    let data = get("data.json").await.json();
    assert_eq!(
        (&data["card"]["group"], &data["method_version"]),
        (&id.as_str().into(), &METHOD_VERSION.into())
    );
    let acts = get("actions.csv").await.text;
    assert!(
        acts.starts_with("trace,object_id,object,half,account,member,post,time_s,target,occasion\r\n"),
        "{acts}"
    );
    assert!(acts.contains(",file:zqxgranja0,true,file:granja-"), "{acts}");
    assert_eq!(get("other.csv").await.status, StatusCode::NOT_FOUND);
    let refused = viewer.load(&format!("{path}/files/data.json")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_earlier_group_leads_to_what_is_remembered_of_it() {
    let trial = Trial::new();
    trial.plant();
    let first = trial.look();
    let viewer = Person::of(&trial, Role::Viewer);
    let agent = Person::of(&trial, Role::Agent);
    agent
        .post(&format!("/coordination/groups/{first}/decision"), &[("decision", "watch"), ("note", "ojo")])
        .await;
    let gone = model::AccountKey::parse("file:zqxgranja0").unwrap();
    trial.workspace.erase_account(&::app::Actor::operator(), &gone, false).unwrap();
    let second = trial.look();
    assert_ne!(first, second);
    let page = viewer.get(&format!("/coordination/groups/{second}")).await;
    assert!(page.contains(&format!("href=\"/coordination/groups/{first}\"")), "{page}");
    let earlier = viewer.get(&format!("/coordination/groups/{first}")).await;
    assert!(earlier.contains("Un grupo anterior") && earlier.contains("ojo"), "{earlier}");
    assert!(earlier.contains(&format!("href=\"/coordination/groups/{second}\"")), "{earlier}");
    let member = viewer.get(&first_member(&page, &second)).await;
    assert!(member.contains(&format!("href=\"/coordination/groups/{first}\"")), "{member}");
    let reply = agent
        .post(&format!("/coordination/groups/{first}/decision"), &[("decision", "watch"), ("note", "")])
        .await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND, "what is gone is not decided about again");
}

#[tokio::test]
async fn a_decision_is_signed_and_remembered() {
    let trial = Trial::new();
    trial.plant();
    let card = format!("/coordination/groups/{}", trial.look());
    let (agent, viewer) = (Person::of(&trial, Role::Agent), Person::of(&trial, Role::Viewer));
    let form = format!("{card}/decision");
    let refused = agent.post(&form, &[("decision", ""), ("note", "porque sí")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Elige una de las tres") && refused.text.contains("porque sí"), "kept");
    for wrong in ["", " \n ", "\u{202e}\u{200b}", &"x".repeat(2_001)] {
        let refused = agent.post(&form, &[("decision", "watch"), ("note", wrong)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
        assert!(
            refused.text.contains("Escribe el porqué, en 2,000 caracteres como mucho"),
            "{}",
            refused.text
        );
        let chosen = refused.text.split("decision-watch").nth(1).unwrap().split('>').next().unwrap();
        assert!(chosen.contains("checked"), "what was chosen stays: {chosen}");
    }
    assert_eq!(viewer.post(&form, &[("decision", "watch")]).await.status, StatusCode::FORBIDDEN);

    let note = "Mismos <b>textos</b>\r\nal re\u{202e}vés";
    let answer = agent.post(&form, &[("decision", "confirmed"), ("note", note)]).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, format!("{card}?done=group-decided").as_str())
    );
    let page = viewer.get(&card).await;
    assert!(page.contains("Confirmado como coordinado, por agent"), "{page}");
    assert!(page.contains("Mismos &#60;b&#62;textos&#60;/b&#62;\nal revés"), "{page}");
    let again = agent.post(&form, &[("decision", "confirmed"), ("note", note)]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "sent twice is no fault");
    let page = viewer.get(&card).await;
    let signed = page.split("id=\"decision\"").nth(1).unwrap().matches("Confirmado como coordinado").count();
    assert_eq!(signed, 1, "and signed once");
    assert!(viewer.get("/coordination").await.contains(">Confirmado</span>"));
    agent.post(&form, &[("decision", "dismissed"), ("note", "Es un club")]).await;
    let page = viewer.get("/coordination").await;
    assert!(page.contains("1 grupo descartado por el equipo"), "{page}");
    assert!(viewer.get(&card).await.contains("Confirmado como coordinado, por agent"), "what was said stays");
}

#[tokio::test]
async fn the_evidence_is_taken_along() {
    let trial = Trial::new();
    trial.plant();
    let id = trial.look();
    let (agent, viewer) = (Person::of(&trial, Role::Agent), Person::of(&trial, Role::Viewer));
    let file = async |name: &str| {
        let reply = agent.load(&format!("/coordination/groups/{id}/files/{name}")).await;
        assert_eq!(reply.status, StatusCode::OK, "{name}");
        let named = reply.headers[header::CONTENT_DISPOSITION].to_str().unwrap().to_owned();
        assert!(named.starts_with("attachment; ") && named.contains(name), "{named}");
        reply
    };
    let data = file("data.json").await.json();
    assert_eq!(
        (&data["report"]["id"], &data["method_version"]),
        (&id.as_str().into(), &METHOD_VERSION.into())
    );
    assert_eq!(file("members.csv").await.text.lines().count(), FARM + 1);
    let shares = file("shares.csv").await.text;
    assert!(shares.starts_with("object_id,account_id,content_id,timestamp_share\r\n"), "{shares}");
    let links = file("shares-co_link.csv").await.text;
    assert!(links.lines().count() < shares.lines().count() && links.contains(",other-1,"), "{links}");
    let acts = file("actions.csv").await.text;
    assert_eq!(acts.lines().count(), shares.lines().count(), "the same acts");
    let manifest = file("manifest.json").await.json();
    assert_eq!(
        (&manifest["is_complete"], &manifest["acts_max"]),
        (&true.into(), &10_000.into()),
        "{manifest}"
    );
    assert_eq!(manifest["acts"], acts.lines().count() - 1);
    assert_eq!(manifest["settings"]["traces"]["co_link"]["window_s"], 300);
    assert_eq!(data["manifest"], manifest);
    let ties = file("ties.csv").await.text;
    assert!(ties.lines().count() > FARM, "{ties}");
    for (name, root) in [("graph.gexf", "<gexf "), ("graph.graphml", "<graphml ")] {
        let graph = file(name).await.text;
        assert!(graph.contains(root) && graph.matches("<node ").count() == FARM, "{graph}");
        assert!(graph.contains("co_link"), "the traces of each tie: {graph}");
        let whole = agent.get(&format!("/coordination/map/{name}")).await;
        assert!(whole.matches("<node ").count() >= FARM);
    }
    for path in [format!("/coordination/groups/{id}/files/other.csv"), "/coordination/map/other".to_owned()] {
        assert_eq!(agent.load(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let path = format!("/coordination/groups/{id}/files/data.json");
    assert_eq!(viewer.load(&path).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_campaign_is_audited_and_the_map_is_drawn_from_data() {
    let trial = Trial::new();
    trial.plant();
    let id = trial.look();
    let viewer = Person::of(&trial, Role::Viewer);
    let audit = viewer.get("/coordination/audit?q=domain:prensa.example").await;
    assert!(audit.contains("al menos posible que actúen de forma coordinada (entre"), "{audit}");
    assert!(audit.contains(&format!("/coordination/groups/{id}")) && audit.contains("Wilson"), "{audit}");
    assert!(viewer.get("/coordination/audit?q=palabraquenadieescribe").await.contains("Nada que auditar"));
    let wrong = viewer.get("/coordination/audit?q=%22sin%20cerrar").await;
    assert!(wrong.contains("class=\"caret\""), "{wrong}");
    assert!(!viewer.get("/coordination/audit").await.contains("Wilson"));

    let map = viewer.get("/coordination/map").await;
    assert!(map.contains("/assets/map.") && map.contains(&format!("/coordination/groups/{id}")), "{map}");
    let reply = viewer.load("/coordination/map/data").await.json();
    assert!(reply["nodes"].as_array().unwrap().len() >= FARM, "{reply}");
    assert_eq!(reply["groups"][0], format!("/coordination/groups/{id}"));
    let edges = reply["edges"].as_array().unwrap();
    assert!(!edges.is_empty() && edges[0].as_array().unwrap().len() == 3);
}
