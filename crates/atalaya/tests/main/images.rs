//! Recycled pictures: among files, and among the posts of a workspace.

use crate::installation::{Installation, Ran, import, views};
use crate::posts::{made, saying};
use app::Actor;
use app::understanding::FetchRound;
use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::get;
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage, imageops};
use model::Timestamp;
use model::time::DAY_MS;
use sim::wire::mastodon;
use std::collections::HashMap;
use std::fs::{self, File};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use tokio::runtime::Runtime;

/// Patches of shade that run into each other: another `seed`, another picture.
fn patches(seed: u64, width: u32, height: u32) -> RgbImage {
    const SIDE: usize = 28;
    let mut state = seed;
    let shades: Vec<f32> = (0..SIDE * SIDE)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as f32
        })
        .collect();
    RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (x as f32 / width as f32 * 26.9, y as f32 / height as f32 * 26.9);
        let at = |x: usize, y: usize| shades[y * SIDE + x];
        let (left, top) = (x as usize, y as usize);
        let mix = |a: f32, b: f32, part: f32| a + (b - a) * part;
        let above = mix(at(left, top), at(left + 1, top), x.fract());
        let below = mix(at(left, top + 1), at(left + 1, top + 1), x.fract());
        Rgb([mix(above, below, y.fract()) as u8; 3])
    })
}

fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).unwrap();
    bytes
}

/// A picture with a white bar above it.
fn framed(picture: &RgbImage) -> RgbImage {
    let (width, height) = picture.dimensions();
    let mut canvas = RgbImage::from_pixel(width + 40, height + 120, Rgb([255; 3]));
    imageops::replace(&mut canvas, picture, 20, 100);
    canvas
}

/// Writes a file that is so many minutes old.
fn aged(place: &Installation, name: &str, bytes: &[u8], minutes: u64) -> String {
    let path = place.file(name, bytes);
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 - 60 * minutes);
    File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    path
}

#[test]
fn files_of_the_same_picture_are_grouped_under_the_earliest() {
    let place = Installation::new();
    fs::create_dir_all(place.beside("fotos/dentro")).unwrap();
    let picture = patches(1, 320, 240);
    aged(&place, "fotos/z-original.jpg", &jpeg(&picture, 92), 90);
    aged(
        &place,
        "fotos/copia.jpg",
        &jpeg(&imageops::resize(&picture, 200, 150, imageops::FilterType::Triangle), 50),
        60,
    );
    aged(&place, "fotos/dentro/espejo.jpg", &jpeg(&imageops::flip_horizontal(&picture), 80), 30);
    aged(&place, "fotos/captura.jpg", &jpeg(&framed(&picture), 80), 20);
    aged(&place, "fotos/girada.jpg", &jpeg(&imageops::rotate90(&picture), 80), 10);
    aged(&place, "fotos/otra.jpg", &jpeg(&patches(2, 320, 240), 90), 5);
    // Later seen without the frame: the earlier of the two is the changed one.
    aged(&place, "fotos/marco.jpg", &jpeg(&framed(&patches(3, 300, 300)), 90), 9);
    aged(&place, "fotos/sin-marco.jpg", &jpeg(&patches(3, 300, 300), 90), 8);
    aged(&place, "fotos/blanca.jpg", &jpeg(&RgbImage::from_pixel(90, 90, Rgb([255; 3])), 90), 4);
    aged(&place, "fotos/rota.jpg", &jpeg(&picture, 90)[..200], 3);
    aged(&place, "fotos/texto.jpg", b"no soy una foto", 2);
    aged(&place, "fotos/vacia.png", b"", 1);
    aged(&place, "fotos/notas.txt", b"se pasa por alto", 1);
    let folder = place.beside("fotos").to_str().unwrap().to_owned();

    let ran = place.run(&["images", &folder]).expect(3);
    let groups: Vec<serde_json::Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(groups.len(), 2, "{}", ran.out);
    assert!(groups[0]["first"].as_str().unwrap().ends_with("z-original.jpg"));
    assert_eq!(groups[0]["members"][0]["time"], "2023-11-14T20:43:20Z");
    let told = |group: &serde_json::Value| -> Vec<(String, String)> {
        let members = group["members"].as_array().unwrap();
        assert!(
            members.iter().all(|member| member["sure"] == true && member["distance"].as_u64().unwrap() <= 31)
        );
        let word = |member: &serde_json::Value, key: &str| member[key].as_str().unwrap().to_owned();
        let name = |member| word(member, "file").rsplit('/').next().unwrap().to_owned();
        members.iter().map(|member| (name(member), word(member, "transformation"))).collect()
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        told(&groups[0]),
        [
            pair("z-original.jpg", "same"),
            pair("copia.jpg", "same"),
            pair("espejo.jpg", "mirrored"),
            pair("captura.jpg", "framed"),
            pair("girada.jpg", "rotated_90"),
        ]
    );
    assert_eq!(told(&groups[1]), [pair("marco.jpg", "same"), pair("sin-marco.jpg", "unframed")]);
    for says in [
        "blanca.jpg: too little detail",
        "rota.jpg: the picture is damaged",
        "texto.jpg: this is not a JPEG",
        "vacia.png: the file is empty",
        "12 files, 2 groups",
    ] {
        assert!(ran.err.contains(says), "{says}: {}", ran.err);
    }
    assert!(!ran.err.contains("notas.txt") && !ran.err.contains("panicked"), "{}", ran.err);

    let csv = place.run(&["images", "--csv", &folder]).expect(3).out;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(&reader.headers().unwrap()[0], "group");
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 7);
    assert!(rows.iter().take(5).all(|row| row[7].ends_with("z-original.jpg")), "{csv}");
}

#[test]
fn a_file_that_is_not_there_ends_the_run_by_its_name() {
    let place = Installation::new();
    let ran = place.run(&["images", "no-esta.jpg"]).expect(1);
    assert!(ran.err.contains("no-esta.jpg"), "{}", ran.err);
}

#[test]
fn videos_are_looked_at_by_frames_when_ffmpeg_is_there() {
    let place = Installation::new();
    let picture = patches(5, 320, 240);
    let original = aged(&place, "a.jpg", &jpeg(&picture, 90), 50);
    let video = aged(&place, "b.mp4", b"the stand-in below does not read it", 10);
    let bin = place.beside("bin");
    fs::create_dir_all(&bin).unwrap();
    let with_path = |place: &Installation| -> Ran {
        let mut command = place.command(&["images", &original, &video, "--frames", "4"]);
        command.env("PATH", &bin).output().unwrap().into()
    };
    let ran = with_path(&place).expect(3);
    assert!(ran.err.contains("b.mp4: videos need ffmpeg"), "{}", ran.err);
    assert_eq!(ran.out, "");

    // A stand-in that writes what ffmpeg would: one JPEG behind the other.
    let frames = [patches(6, 320, 240), patches(6, 320, 240), picture.clone(), picture];
    let frames: Vec<u8> = frames.iter().flat_map(|frame| jpeg(frame, 75)).collect();
    place.file("bin/frames", frames);
    let script = format!("#!/bin/sh\necho \"$@\" > {0}/asked\n/bin/cat {0}/frames\n", bin.display());
    let ffmpeg = place.file("bin/ffmpeg", script);
    fs::set_permissions(ffmpeg, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let group = with_path(&place).expect(0).json();
    assert!(group["first"].as_str().unwrap().ends_with("a.jpg"));
    assert_eq!(
        (group["size"].clone(), group["members"][1]["second"].clone()),
        (2.into(), 2.into()),
        "{group}"
    );
    let asked = fs::read_to_string(bin.join("asked")).unwrap();
    assert!(asked.contains("-protocol_whitelist file -i file:/") && asked.contains("-frames:v 4"), "{asked}");

    place.file("bin/ffmpeg", "#!/bin/sh\nexit 1\n");
    assert!(with_path(&place).expect(3).err.contains("b.mp4: ffmpeg cannot read it"));
}

/// A server of pictures that counts who asks for what.
struct Pictures {
    _runtime: Runtime,
    address: String,
    asked: Arc<Mutex<HashMap<String, usize>>>,
}

impl Pictures {
    fn new(pictures: HashMap<&'static str, Vec<u8>>) -> Self {
        let asked: Arc<Mutex<HashMap<String, usize>>> = Arc::default();
        let (count, pictures) = (Arc::clone(&asked), Arc::new(pictures));
        let routes = Router::new().route(
            "/{name}",
            get(move |Path(name): Path<String>| async move {
                *count.lock().unwrap().entry(name.clone()).or_default() += 1;
                match pictures.get(name.as_str()) {
                    Some(bytes) => Ok(([("content-type", "image/jpeg")], bytes.clone())),
                    None => Err(StatusCode::NOT_FOUND),
                }
            }),
        );
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, routes).await });
        Self { _runtime: runtime, address, asked }
    }

    fn asked(&self, name: &str) -> usize {
        self.asked.lock().unwrap().get(name).copied().unwrap_or_default()
    }

    /// Statuses with these words, authors and pictures, a minute apart.
    fn statuses(&self, posts: &[(&str, u64, &[&str])]) -> Vec<u8> {
        let like = &made(3, 1)[0];
        let mut out = Vec::new();
        for ((words, author, pictures), minute) in posts.iter().zip(0_i64..) {
            let ordinal = 500_000 + u64::try_from(minute).unwrap() + author * 100;
            let mut post = saying(like, ordinal, *author, words);
            post.time = like.time.plus(60_000 * minute);
            let mut status = mastodon::status(&post);
            status["media_attachments"] = pictures
                .iter()
                .map(|name| {
                    let url = format!("{}/{name}", self.address);
                    serde_json::json!({"id": "1", "type": "image", "url": url, "description": null})
                })
                .collect();
            serde_json::to_writer(&mut out, &status).unwrap();
            out.push(b'\n');
        }
        out
    }
}

fn server() -> Pictures {
    let picture = patches(21, 320, 240);
    Pictures::new(HashMap::from([
        ("first.jpg", jpeg(&picture, 92)),
        ("again.jpg", jpeg(&imageops::resize(&picture, 220, 165, imageops::FilterType::Triangle), 60)),
        ("mirror.jpg", jpeg(&imageops::flip_horizontal(&picture), 80)),
        ("other.jpg", jpeg(&patches(22, 320, 240), 90)),
        ("white.jpg", jpeg(&RgbImage::from_pixel(90, 90, Rgb([255; 3])), 90)),
        ("text.jpg", b"no picture at all".to_vec()),
    ]))
}

const POSTS: &[(&str, u64, &[&str])] = &[
    ("primera vez", 1, &["first.jpg"]),
    ("nada que ver", 2, &["other.jpg", "white.jpg"]),
    ("hoy mismo", 3, &["again.jpg"]),
    ("del espejo", 4, &["missing.jpg", "mirror.jpg"]),
    ("la misma", 5, &["first.jpg", "text.jpg"]),
];

/// An installation that fetched the pictures of the posts; the round that it took.
fn fetched(pictures: &Pictures) -> (Installation, FetchRound) {
    let place = Installation::new();
    let (app, workspace) = place.open();
    let actor = Actor::operator();
    import(&workspace, "antes.jsonl", pictures.statuses(&[("antes", 9, &["other.jpg"])]));
    let runtime = Runtime::new().unwrap();
    let round = || runtime.block_on(workspace.fetch_pictures_due(&app, 50)).unwrap();
    assert_eq!(round(), FetchRound::default(), "off unless turned on");
    assert!(!workspace.fetches_pictures(&actor).unwrap());
    workspace.update_fetches_pictures(&actor, true).unwrap();
    assert_eq!(workspace.list_audit(&actor, None, 1).unwrap()[0].what, "fetch_pictures_changed");
    import(&workspace, "posts.jsonl", pictures.statuses(POSTS));
    let done = round();
    assert_eq!(round(), FetchRound::default(), "nothing is left to do");
    (place, done)
}

#[test]
fn a_recycled_picture_is_told_with_its_first_appearance() {
    let pictures = server();
    let (place, round) = fetched(&pictures);
    assert_eq!((round.records, round.read, round.failed), (5, 5, 2));
    let (_app, workspace) = place.open();
    let actor = Actor::operator();
    let asked =
        ["first.jpg", "again.jpg", "other.jpg", "missing.jpg", "text.jpg"].map(|name| pictures.asked(name));
    assert_eq!(asked, [1; 5], "each address once, and none of the posts from before");
    let counts = workspace.picture_counts(&actor).unwrap();
    assert_eq!((counts.waiting, counts.hashed, counts.plain, counts.failed), (0, 5, 1, 2));

    let post = |words: &str| views(&workspace, words).remove(0);
    let first = post("\"primera vez\"");
    let seen = workspace.pictures_of(&actor, post("\"hoy mismo\"").id).unwrap();
    assert_eq!((seen[0].state, seen[0].earlier), ("hashed", 1));
    let found = seen[0].first.as_ref().unwrap();
    assert_eq!((found.post.id, found.sure, found.transformation), (first.id, true, "same"));
    let mirrored = workspace.pictures_of(&actor, post("\"del espejo\"").id).unwrap();
    assert_eq!((mirrored[0].state, mirrored[0].first.is_none()), ("failed", true));
    let found = mirrored[1].first.as_ref().unwrap();
    assert_eq!((found.post.id, found.transformation), (first.id, "mirrored"));
    let of_first = workspace.pictures_of(&actor, first.id).unwrap();
    assert!(of_first[0].first.is_none(), "it is itself the first");
    assert_eq!((of_first[0].earlier, of_first[0].appearances.len()), (0, 3));
    let unrelated = workspace.pictures_of(&actor, post("\"nada que ver\"").id).unwrap();
    assert_eq!((unrelated[0].appearances.len(), unrelated[1].state), (0, "plain"));

    let brought = workspace.check_picture(&actor, &jpeg(&framed(&patches(21, 320, 240)), 70)).unwrap();
    // The mirrored one is two changes away.
    assert_eq!((brought.posts, brought.known_pictures, brought.plain), (3, 5, false));
    let found = brought.first.unwrap();
    assert_eq!((found.post.id, found.transformation, found.sure), (first.id, "framed", true));
    let unknown = workspace.check_picture(&actor, &jpeg(&patches(77, 200, 200), 90)).unwrap();
    assert_eq!((unknown.posts, unknown.first.is_none()), (0, true));
    let refused = workspace.check_picture(&actor, b"plain words").unwrap_err().to_string();
    assert!(refused.contains("not a JPEG"), "{refused}");
}

#[test]
fn erasure_and_retention_reach_the_hashes() {
    let pictures = server();
    let (place, _) = fetched(&pictures);
    let actor = Actor::operator();
    let check = || {
        let (_app, workspace) = place.open();
        workspace.check_picture(&actor, &jpeg(&patches(21, 320, 240), 92)).unwrap()
    };
    let before = check();
    assert_eq!(before.posts, 4);
    let first = before.first.unwrap().post;
    {
        let (_app, workspace) = place.open();
        workspace.check_picture(&actor, &jpeg(&patches(21, 320, 240), 92)).unwrap();
        workspace.erase_account(&actor, &first.post.author.key, false).unwrap();
        let now = workspace.check_picture(&actor, &jpeg(&patches(21, 320, 240), 92)).unwrap();
        assert_eq!((now.posts, now.known_pictures), (3, 4), "gone from memory too");
    }
    assert_eq!(check().known_pictures, 4);
    let mut settings = place.settings();
    settings.clock = || Timestamp::parse("2025-07-02T12:00:00Z").unwrap().plus(DAY_MS);
    let (_app, workspace) = Installation::open_with(settings);
    workspace.update_retention(&actor, Some(7)).unwrap();
    assert!(workspace.apply_retention().unwrap() > 0);
    let left = workspace.check_picture(&actor, &jpeg(&patches(21, 320, 240), 92)).unwrap();
    assert_eq!((left.posts, left.known_pictures), (0, 0));
    let counts = workspace.picture_counts(&actor).unwrap();
    assert_eq!((counts.hashed, counts.plain, counts.failed), (0, 0, 0));
}

#[test]
fn turning_it_off_asks_nobody() {
    let pictures = server();
    let place = Installation::new();
    let (app, workspace) = place.open();
    let actor = Actor::operator();
    workspace.update_fetches_pictures(&actor, true).unwrap();
    import(&workspace, "posts.jsonl", pictures.statuses(POSTS));
    workspace.update_fetches_pictures(&actor, false).unwrap();
    let round = Runtime::new().unwrap().block_on(workspace.fetch_pictures_due(&app, 50)).unwrap();
    assert_eq!((round, pictures.asked("first.jpg")), (FetchRound::default(), 0));
}
