//! `atalaya demo`: the same program on a generated world.
//!
//! The past is imported as a file of Mastodon statuses and one of X posts; the
//! present comes live from simulated servers on loopback. Nothing leaves the
//! machine. Without `--data` the folder is a fresh one in the system's
//! temporary folder.

use super::Desk;
use super::serve;
use crate::arguments::DemoOptions;
use crate::output::{ProgressLine, print_line};
use anyhow::Result;
use app::access::{FirstVisit, NewPerson};
use app::coordination::{DetectionRequest, MessageView};
use app::listening::{ImportOptions, ImportSource, Workspace};
use app::{Actor, App};
use model::handbook::{Brand, BrandHandbook};
use model::listening::{Keep, MastodonTimeline, SourceSetup};
use model::time::{DAY_MS, MINUTE_MS};
use model::{Lang, Role, Timestamp, Trace};
use sim::coordination::{Cause, CoordinationSettings, CoordinationWorld, Event, EventKind, coordination};
use sim::serve::Stage;
use sim::{World, WorldSettings};
use std::collections::BTreeSet;
use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Login of the demo.
const EMAIL: &str = "demo@example.org";
/// Password of the demo; it guards generated data only.
const PASSWORD: &str = "atalaya-demo-2026";
/// Days of the generated past.
const PAST_DAYS: i64 = 30;
/// Mean time between live posts, ms.
const LIVE_GAP_MS: u64 = 2_000;
/// Acts of the week with coordinated groups: enough for a crowd around them.
const GROUP_EVENTS: u32 = 12_000;
/// People who pass on a message of a group after the search: enough for an audience.
const ECHO_PEOPLE: u32 = 26;
/// Time between two of them, ms.
const ECHO_GAP_MS: i64 = 4 * MINUTE_MS;
/// Generated posts written at once.
const CHUNK_POSTS: usize = 20_000;

/// Makes the world if the folder is new, and serves it.
pub fn demo(desk: &Desk, options: &DemoOptions) -> Result<u8> {
    let mut settings = desk.settings.clone();
    if !desk.data_given {
        settings.folder = std::env::temp_dir().join(format!("atalaya-demo-{}", std::process::id()));
    }
    settings.allow_private.push("127.0.0.1".to_owned());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let stage = Stage::default();
    let (address, servers) = runtime.block_on(stage.listen())?;
    // Only the simulated server knows the accounts of its world.
    settings.bluesky_profiles = Some(format!("http://{address}"));
    let app = App::open(settings)?;
    let now = app.now();
    let start = now.plus(-PAST_DAYS * DAY_MS);
    let gap_ms = (PAST_DAYS * DAY_MS) as f64 / options.posts.max(1) as f64;
    let mut world = WorldSettings::new(options.seed, start, gap_ms);
    world.crisis_hours = Some(((PAST_DAYS - 6) * 24, (PAST_DAYS - 6) * 24 + 20));
    if app.needs_set_up()? {
        set_up(&app, &world)?;
        let workspace = app.workspace("cafe-acme")?;
        import_past(&workspace, &world, now)?;
        import_groups(&workspace, options.seed, now)?;
    }
    runtime.block_on(async {
        let workspace = app.workspace("cafe-acme")?;
        add_sources(&app, &workspace, &address.to_string())?;
        print_line(&format!("Demo login: {EMAIL}  {PASSWORD}"))?;
        let present = World::new(world)
            .from_ordinal(options.posts + u64::from(now.seconds().unsigned_abs() as u32), now);
        let beside = async {
            tokio::select! {
                _ = servers => {}
                () = live(&stage, present, &app) => {}
            }
        };
        serve::run(Arc::clone(&app), &options.serve, beside).await
    })?;
    Ok(crate::EXIT_OK)
}

fn set_up(app: &App, world: &WorldSettings) -> Result<()> {
    let handbook = BrandHandbook {
        brand: Brand { names: vec!["Café Acme".into(), "Acme".into()], handles: vec!["CafeAcme".into()] },
        competitors: world
            .competitors
            .iter()
            .map(|name| Brand { names: vec![name.clone()], handles: Vec::new() })
            .collect(),
        market_words: vec!["café".into(), "desayuno".into(), "cafetería".into()],
        tone: "Cercano y claro; se trata de tú.".into(),
        goals: "Responder las quejas en menos de dos horas.".into(),
        support_hours: "lun-vie 8:00-18:00".into(),
    };
    app.set_up(&FirstVisit {
        administrator: NewPerson {
            email: EMAIL.into(),
            name: "Demo".into(),
            password: PASSWORD.into(),
            locale: Lang::ES,
            role: Role::Administrator,
        },
        workspace: "Café Acme".into(),
        time_zone: "America/Panama".into(),
        locale: Lang::ES,
        handbook,
    })?;
    Ok(())
}

/// Two thirds of the past as Mastodon statuses, one third as X posts.
fn import_past(workspace: &Workspace, world: &WorldSettings, now: Timestamp) -> Result<()> {
    let mut past = World::new(world.clone()).take_while(|made| made.time <= now).peekable();
    let mut line = ProgressLine::new();
    let mut count = 0;
    while past.peek().is_some() {
        let (mut statuses, mut posts) = (Vec::new(), Vec::new());
        for made in past.by_ref().take(CHUNK_POSTS) {
            let (out, value) = if made.ordinal % 3 == 2 {
                (&mut posts, sim::wire::x::v2(&made))
            } else {
                (&mut statuses, sim::wire::mastodon::status(&made))
            };
            serde_json::to_writer(&mut *out, &value)?;
            out.push(b'\n');
            count += 1;
        }
        line.show(count, None);
        for (name, bytes) in [("mundo-mastodon.jsonl", statuses), ("mundo-x.jsonl", posts)] {
            import_bytes(workspace, name, bytes)?;
        }
    }
    line.clear();
    Ok(())
}

/// A week with coordinated groups beside fans, newsrooms and others, as X posts.
fn import_groups(workspace: &Workspace, seed: u64, now: Timestamp) -> Result<()> {
    let mut settings = CoordinationSettings::small(seed, now);
    settings.events = GROUP_EVENTS;
    settings.start = now.plus(-i64::from(settings.days) * DAY_MS);
    let world = coordination(&settings);
    import_events(workspace, "mundo-redes.jsonl", &world, &world.events)?;
    workspace.detect_coordination_now(&Actor::operator(), &DetectionRequest::default())?;
    let echo = echo(workspace, &world, now)?;
    if echo.is_empty() { Ok(()) } else { import_events(workspace, "mundo-eco.jsonl", &world, &echo) }
}

/// What comes after the search: ordinary people pass on a message of a group
/// that hardly anybody else knew, until it leaves its circle. Empty when every
/// message has an audience already.
fn echo(workspace: &Workspace, world: &CoordinationWorld, now: Timestamp) -> Result<Vec<Event>> {
    let view = workspace.coordination(&Actor::operator())?;
    let messages = view.into_iter().flat_map(|view| view.groups).flat_map(|group| group.report.messages);
    let mut inside = messages.filter(|message| message.circle != "audience");
    let Some(first) =
        inside.find_map(|message| world.events.iter().find(|event| is_about(world, event, &message)))
    else {
        return Ok(Vec::new());
    };
    let mut people = BTreeSet::new();
    let heard = world.events.iter().rev().filter(|event| {
        let is_own = event.kind == EventKind::Original && event.cause == Cause::Ordinary;
        is_own && event.account != first.account && people.insert(event.account)
    });
    let (numbers, left) = (world.events.len() as u32.., (0..ECHO_PEOPLE).rev());
    let passed = numbers.zip(heard).zip(left).map(|((number, person), left)| Event {
        number,
        account: person.account,
        time: now.plus(-i64::from(left) * ECHO_GAP_MS),
        cause: Cause::Ordinary,
        ..first.clone()
    });
    Ok(passed.collect())
}

/// True for the first act on a message of a group that somebody can repeat.
fn is_about(world: &CoordinationWorld, event: &Event, message: &MessageView) -> bool {
    let link = event.link.and_then(|link| world.links.get(link as usize));
    match message.trace {
        Trace::CoReshare => {
            let about = event.about.filter(|_| event.kind == EventKind::Reshare);
            about.is_some_and(|about| world.native_post(about) == message.object)
        }
        Trace::CoLink => link.is_some_and(|link| link.ends_with(&message.object)),
        Trace::CoText => event.text.chars().count() > 40 && message.object.starts_with(&event.text),
        _ => false,
    }
}

fn import_events(
    workspace: &Workspace,
    name: &str,
    world: &CoordinationWorld,
    events: &[Event],
) -> Result<()> {
    let narrator = world.narrator();
    let mut bytes = Vec::new();
    for value in events.iter().filter_map(|event| narrator.x_line(event)) {
        serde_json::to_writer(&mut bytes, &value)?;
        bytes.push(b'\n');
    }
    import_bytes(workspace, name, bytes)
}

fn import_bytes(workspace: &Workspace, name: &str, bytes: Vec<u8>) -> Result<()> {
    let source = ImportSource {
        name: name.to_owned(),
        size_bytes: Some(bytes.len() as u64),
        input: Box::new(Cursor::new(bytes)),
    };
    let (options, stop) = (ImportOptions::default(), AtomicBool::new(false));
    workspace.import(&Actor::operator(), source, &options, &stop, &mut |_| {})?;
    Ok(())
}

/// The simulated servers have a new port at every start: old sources go.
fn add_sources(app: &App, workspace: &Workspace, address: &str) -> Result<()> {
    let actor = Actor::operator();
    for view in workspace.list_sources(&actor)? {
        workspace.remove_source(&actor, view.source.id)?;
    }
    let mastodon = SourceSetup::MastodonStream {
        server: format!("http://{address}"),
        timeline: MastodonTimeline::Public,
    };
    workspace.insert_source(app, &actor, "Mastodon (simulado)", &mastodon, Keep::All, None)?;
    let jetstream = SourceSetup::BlueskyJetstream { endpoint: format!("ws://{address}/subscribe") };
    workspace.insert_source(app, &actor, "Bluesky (simulado)", &jetstream, Keep::Matching, None)?;
    Ok(())
}

/// The present: a post every few seconds, quicker by day than by night.
async fn live(stage: &Stage, world: World, app: &App) {
    for mut made in world {
        made.time = app.now();
        stage.post(made);
        // A steady beat with the ordinal's own irregularity.
        tokio::time::sleep(Duration::from_millis(
            LIVE_GAP_MS / 2 + (app.now().millis().unsigned_abs() * 7_919) % LIVE_GAP_MS,
        ))
        .await;
    }
}
