//! Files that are empty, broken, hostile, interrupted or imported twice.

use crate::installation::{DEADLINE, Installation, ended, eventually, size};
use crate::posts::{jetstream, lines, made, saying, uris};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;
use std::process::Stdio;
use std::time::Instant;

/// What hostile posts say: controls, right-to-left, script, formulas, odd Unicode.
const ODD_TEXTS: &[&str] = &[
    "acme nulo \u{0} y campana \u{7} y escape \u{1b}[31mrojo\u{1b}[0m",
    "acme \u{202e}odarolav\u{202c} \u{200f}\u{2066}derecha\u{2069} \u{feff}marca",
    "acme <script>alert('x')</script><img src=x onerror=alert(1)> &lt;b&gt;",
    "=cmd|' /C calc'!A1 acme",
    "acme Z\u{300}\u{301}\u{302}a\u{489}lgo 👩‍👩‍👧‍👦 🇵🇦 ＡＣＭＥ ﷽ \u{1F3F4}\u{E0067}\u{E007F}",
    "acme '); DROP TABLE record; --",
];

#[test]
fn importing_twice_changes_nothing() {
    let place = Installation::new();
    let posts = made(31, 300);
    let file = place.file("a.jsonl", jetstream(&posts));
    let first = place.run(&["import", &file, "--json"]).expect(0).json();
    assert_eq!(first["counts"]["new"], 300);
    let before = place.run(&["search", "", "--limit", "300", "--json"]).expect(0).out;
    let copy = place.file("b.jsonl", jetstream(&posts));
    for again in [&file, &copy] {
        let second = place.run(&["import", again, "--json"]).expect(0).json();
        let counts = &second["counts"];
        assert_eq!((counts["new"].as_u64(), counts["changed"].as_u64()), (Some(0), Some(0)), "{second}");
    }
    assert_eq!(place.run(&["search", "", "--limit", "300", "--json"]).expect(0).out, before);
}

#[test]
fn a_half_broken_file_gives_its_good_half_and_says_so() {
    let place = Installation::new();
    let posts = made(32, 100);
    let text = String::from_utf8(jetstream(&posts)).unwrap();
    let mut broken = Vec::new();
    for (n, line) in text.lines().enumerate() {
        match n % 4 {
            0 => broken.extend_from_slice(&line.as_bytes()[..line.len() / 2]),
            2 => broken.extend_from_slice(b"\xff\xfe{\"\x00\""),
            _ => broken.extend_from_slice(line.as_bytes()),
        }
        broken.push(b'\n');
    }
    let (file, rejects) = (place.file("mitad.jsonl", broken), place.beside("rechazos.jsonl"));
    let ran = place.run(&["import", &file, "--json", "--rejects", rejects.to_str().unwrap()]).expect(3);
    let counts = &ran.json()["counts"];
    assert_eq!((counts["new"].as_u64(), counts["rejected"].as_u64()), (Some(50), Some(50)), "{counts}");
    assert_eq!(place.ids(), uris(posts.iter().filter(|made| made.ordinal % 2 == 1)));
    let rejected: Vec<serde_json::Value> = std::fs::read_to_string(&rejects)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let mut at: Vec<u64> = rejected.iter().map(|reject| reject["line"].as_u64().unwrap()).collect();
    at.sort_unstable();
    assert_eq!(at, (1..=99).step_by(2).collect::<Vec<u64>>(), "each with its line");
    assert!(rejected.iter().all(|reject| !reject["reason"].as_str().unwrap().is_empty()));
}

#[test]
fn hostile_posts_are_rejected_or_inert() {
    let place = Installation::new();
    let like = &made(33, 1)[0];
    let posts: Vec<_> = (1_u64..).zip(ODD_TEXTS).map(|(n, text)| saying(like, n, n, text)).collect();
    let mut huge = saying(like, 50, 50, "acme enorme ");
    huge.text.push_str(&"ñandú ".repeat(10 * 1024 * 1024 / 7));
    let mut everywhere = sim::wire::mastodon::status(&saying(like, 60, 60, "acme en todos los campos"));
    for field in ["username", "display_name", "note", "url", "avatar"] {
        everywhere["account"][field] = "\"><script>alert('acme')</script>\u{202e}\u{0}".into();
    }
    let mut file = jetstream(&posts);
    file.extend(jetstream(&[huge]));
    file.extend(jetstream(&[saying(like, 51, 51, "acme despues")]));
    let file = place.file("hostil.jsonl", file);
    let ran = place.run(&["import", &file, "--json"]).expect(3);
    let counts = &ran.json()["counts"];
    assert_eq!((counts["new"].as_u64(), counts["rejected"].as_u64()), (Some(7), Some(1)), "{counts}");
    let status = place.file("estado.jsonl", lines(std::iter::once(everywhere)));
    let code = place.run(&["import", &status]).code;
    assert!(code == Some(0) || code == Some(3), "taken or rejected");

    let json = place.run(&["search", "acme", "--json"]).expect(0).out;
    let texts: Vec<String> = json
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["post"]["text"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert!(texts.len() >= 6, "{texts:?}");
    assert!(texts.iter().all(|text| !text.contains('\u{0}')), "no NUL gets through: {texts:?}");
    let plain = place.run(&["search", "acme"]).expect(0).out;
    assert!(
        plain.chars().all(|c| c == '\n' || !c.is_control()),
        "nothing of a post reaches the terminal as a command: {plain:?}"
    );
    let exported = place.run(&["export", "calc", "--json"]).expect(0).json();
    let csv = std::fs::read_to_string(exported["file"].as_str().unwrap()).unwrap();
    assert!(csv.contains("'=cmd|"), "a formula is defused: {csv}");
}

#[test]
fn a_decompression_bomb_is_refused_in_bounded_time() {
    let place = Installation::new();
    let mut member = GzEncoder::new(Vec::new(), Compression::fast());
    member.write_all(&vec![0; 32 * 1024 * 1024]).unwrap();
    let member = member.finish().unwrap();
    // One file of many members, a GiB in all; readers of gzip read them as one.
    let bomb = place.file("bomba.jsonl.gz", member.repeat(32));
    let start = Instant::now();
    let ran = place.run(&["import", &bomb]);
    assert!(start.elapsed() < DEADLINE, "{:?}", start.elapsed());
    assert!(matches!(ran.code, Some(1 | 3)), "{ran:?}");
    assert!(size(&place.workspace_folder().join("workspace.db")) < 8 * 1024 * 1024);
    assert_eq!(place.count(""), 0);
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let place = Installation::new();
    let folder = place.beside("carpeta");
    std::fs::create_dir(&folder).unwrap();
    let zip = place.file("a.zip", b"PK\x03\x04\x14\x00rest");
    let empty = place.file("vacio.jsonl", b"");
    let random: Vec<u8> = (0..5_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let noise = place.file("ruido.bin", random);
    for (file, says) in [
        (empty.as_str(), "is empty"),
        (folder.to_str().unwrap(), "this is a folder"),
        (zip.as_str(), "unpack it first"),
        ("/no/such/file.jsonl", "No such file"),
    ] {
        let ran = place.run(&["import", file]).expect(1);
        assert!(ran.err.contains(says), "{file}: {}", ran.err);
        assert!(ran.err.contains(file), "the message names the file: {}", ran.err);
    }
    assert!(matches!(place.run(&["import", &noise]).code, Some(1 | 3)));
    assert_eq!(place.count(""), 0);
}

#[test]
fn an_interrupted_import_says_so_and_resumes() {
    let place = Installation::new();
    let posts = made(34, 8_000);
    let bytes = jetstream(&posts);
    let mut child = place.command(&["import", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    // Enough for a first batch; the rest only after the interrupt.
    let cut = bytes.len() * 3 / 10;
    input.write_all(&bytes[..cut]).unwrap();
    let log = place.workspace_folder().join("workspace.db-wal");
    eventually("a first batch is durable", || size(&log) > 400_000);
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let rest = bytes[cut..].to_vec();
    // The program may close the pipe at any moment.
    let writer = std::thread::spawn(move || drop(input.write_all(&rest)));
    let ran = ended(child, &mut || {});
    writer.join().unwrap();
    let ran = ran.expect(4);
    assert!(ran.err.contains("start it again"), "{}", ran.err);
    let durable = place.ids().len();
    assert!((2_000..8_000).contains(&durable), "{durable}");

    let again = place.run_with(&["import", "-", "--json"], &bytes).expect(0).json();
    assert_eq!(again["counts"]["received"], 8_000 - durable, "only the rest is read");
    assert_eq!(place.count(""), 8_000);
}
