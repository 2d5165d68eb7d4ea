//! The command line as people and scripts meet it.

use crate::installation::{Installation, Ran};
use crate::posts::{jetstream, made};

/// Every command with its subcommands, found by walking the help itself.
fn commands(place: &Installation, path: &[&str], found: &mut Vec<(Vec<String>, String)>) {
    let mut arguments = path.to_vec();
    arguments.push("--help");
    let help = place.run(&arguments).expect(0).out;
    found.push((path.iter().map(|word| (*word).to_owned()).collect(), help.clone()));
    let listed = help.split("Commands:\n").nth(1).unwrap_or_default();
    let names: Vec<&str> = listed
        .lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    for name in names {
        let mut below = path.to_vec();
        below.push(name);
        commands(place, &below, found);
    }
}

#[test]
fn every_command_explains_itself() {
    let place = Installation::new();
    let mut found = Vec::new();
    commands(&place, &[], &mut found);
    for name in [
        "serve",
        "demo",
        "import",
        "search",
        "export",
        "query",
        "source",
        "user",
        "workspace",
        "backup",
        "restore",
        "rebuild",
        "erase",
        "config",
        "text",
        "completions",
        "manual",
    ] {
        assert!(found.iter().any(|(path, _)| path == &[name]), "{name}");
    }
    assert!(found.len() >= 35, "{}", found.len());
    for (path, help) in &found {
        let first = help.lines().next().unwrap_or_default();
        assert!(!first.is_empty() && !first.starts_with("Usage"), "{path:?} says what it is for");
        assert!(help.contains("Usage:"), "{path:?}");
        assert!(!help.contains("CRASH"), "what only tests use is not shown");
    }
}

#[test]
fn json_is_one_valid_value_per_line() {
    let place = Installation::new();
    let file = place.file("a.jsonl", jetstream(&made(71, 50)));
    let feed = r#"{"kind":"feed","url":"https://example.org/feed"}"#;
    let check = |command: &[&str], count: Option<usize>| {
        let ran: Ran = place.run(command).expect(0);
        let values: Vec<serde_json::Value> = ran
            .out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{command:?}: {e}: {line}")))
            .collect();
        if let Some(count) = count {
            assert_eq!(values.len(), count, "{command:?}");
        }
        values
    };
    check(&["import", &file, "--json"], Some(1));
    check(&["search", "acme", "--json", "--limit", "5"], Some(5));
    let total = check(&["search", "", "--json", "--count"], Some(1));
    assert_eq!(total[0]["total"], 50);
    check(&["export", "acme", "--json"], Some(1));
    check(&["query", "add", "Pan", "pan OR panadería", "--purpose", "market", "--json"], Some(1));
    let queries = check(&["query", "list", "--json"], None);
    assert!(queries.iter().any(|view| view["query"]["name"] == "Pan"));
    place.run(&["source", "add", "noticias", feed]).expect(0);
    let sources = check(&["source", "list", "--json"], Some(1));
    assert_eq!(sources[0]["source"]["name"], "noticias");
    check(&["user", "list", "--json"], Some(1));
    check(&["workspace", "list", "--json"], Some(1));
    check(&["erase", "bluesky:did:plc:nobody", "--yes", "--json"], Some(1));
    let shown = check(&["config", "show", "--json"], Some(1));
    assert_eq!(shown[0]["data"], place.data().to_str().unwrap());
}

#[test]
fn a_wrong_expression_is_pointed_at() {
    let place = Installation::new();
    place.run(&["query", "check", "(acme OR café) NEAR/5 mal*"]).expect(0);
    for (expression, character, says) in
        [("(acme", 1, "parenthesis"), ("acme OR", 6, "OR needs"), ("ñandú idioma:es", 7, "there is no field")]
    {
        for command in [
            vec!["query", "check", expression],
            vec!["search", expression],
            vec!["query", "add", "x", expression],
        ] {
            let ran = place.run(&command).expect(1);
            assert!(
                ran.err.contains(&format!("(character {character})")) && ran.err.contains(says),
                "{}",
                ran.err
            );
            assert_eq!(ran.out, "");
        }
    }
}

#[test]
fn queries_and_sources_live_and_end() {
    let place = Installation::new();
    place.run(&["query", "add", "Pan", "pan"]).expect(0);
    let id = place.run(&["query", "add", "Té", "té"]).expect(0).out;
    let id = id.split_whitespace().nth(1).unwrap().to_owned();
    assert!(place.run(&["query", "add", "Pan", "otra"]).expect(1).err.contains("taken"));
    assert!(place.run(&["query", "set", &id, "té OR infusión"]).expect(0).out.contains("version 2"));
    place.run(&["query", "archive", &id]).expect(0);
    assert!(!place.run(&["query", "list"]).expect(0).out.contains("infusión"));
    assert!(place.run(&["query", "archive", "9999"]).expect(1).err.contains("9999"));
    assert!(
        place
            .run(&["source", "add", "x", "{\"kind\":\"telepathy\"}"])
            .expect(1)
            .err
            .contains("not one we know")
    );
    let secret = r#"{"kind":"telegram-bot","endpoint":"https://api.telegram.org"}"#;
    place.run_with(&["source", "add", "bot", secret, "--secret"], b"123:clave-secreta\n").expect(0);
    let listed = place.run(&["source", "list", "--json"]).expect(0).out;
    assert!(!listed.contains("clave-secreta") && listed.contains("\"has_secret\":true"), "{listed}");
    place.run(&["source", "pause", "1"]).expect(0);
    assert!(place.run(&["source", "list"]).expect(0).out.contains("paused"));
    place.run(&["source", "remove", "1"]).expect(0);
    assert_eq!(place.run(&["source", "list"]).expect(0).out, "");
}

#[test]
fn people_get_roles_and_tokens() {
    let place = Installation::new();
    place
        .run_with(&["user", "add", "leo@example.org", "--role", "viewer"], b"otra clave muy larga\n")
        .expect(0);
    assert!(place.run(&["user", "list"]).expect(0).out.contains("viewer"));
    assert!(place.run_with(&["user", "add", "x@example.org"], b"corta").expect(1).err.contains("password"));
    assert!(
        place
            .run_with(&["user", "add", "x@example.org", "--role", "king"], b"otra clave larga")
            .expect(1)
            .err
            .contains("viewer")
    );
    let token = place
        .run(&["user", "token", "ana@example.org", "--scope", "read", "--scope", "export"])
        .expect(0)
        .out;
    assert!(token.trim().len() >= 32, "{token}");
    assert!(
        place
            .run(&["user", "token", "ana@example.org", "--scope", "everything"])
            .expect(1)
            .err
            .contains("everything")
    );
}

#[test]
fn completions_and_manual_come_from_the_same_definition() {
    let place = Installation::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = place.run(&["completions", shell]).expect(0).out;
        assert!(script.contains("sentiment") && script.contains("atalaya"), "{shell}");
    }
    let folder = place.beside("man");
    place.run(&["manual", folder.to_str().unwrap()]).expect(0);
    let pages: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for page in ["atalaya.1", "atalaya-import.1", "atalaya-query-check.1", "atalaya-text-sentiment.1"] {
        assert!(pages.iter().any(|name| name == page), "{page}: {pages:?}");
    }
    let text = std::fs::read_to_string(folder.join("atalaya-import.1")).unwrap();
    assert!(text.contains(".TH") && text.contains("rejects"));
}

#[test]
fn settings_are_shown_and_checked() {
    let place = Installation::new();
    let shown = place.run(&["config", "show", "--contact", "ops@example.org"]).expect(0).out;
    assert!(shown.contains(place.data().to_str().unwrap()) && shown.contains("ops@example.org"), "{shown}");
    let checked = place.run(&["config", "check"]).expect(0).out;
    assert!(checked.contains("acme: in order, 0 posts searchable"), "{checked}");
    assert!(
        place
            .run(&["--allow-private", "not an address", "config", "check"])
            .expect(1)
            .err
            .contains("allow_private")
    );
    let by_name = place
        .command(&["config", "show"])
        .env("ATALAYA_CONTACT", "por-entorno@example.org")
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&by_name.stdout).contains("por-entorno@example.org"));
    assert_eq!(place.run(&["no-such-command"]).code, Some(2));
    assert!(place.run(&["--workspace", "nadie", "search", "x"]).expect(1).err.contains("nadie"));
}

#[test]
fn what_cannot_be_undone_asks_first() {
    let place = Installation::new();
    let ran = place.run(&["erase", "bluesky:did:plc:x"]).expect(1);
    assert!(ran.err.contains("--yes"), "{}", ran.err);
    assert!(place.run(&["erase", "nobody", "--yes"]).expect(1).err.contains("network:identifier"));
}

#[test]
fn a_folder_without_workspace_says_what_to_do() {
    let folder = tempfile::TempDir::new().unwrap();
    let output = std::process::Command::new(crate::installation::PROGRAM)
        .arg("--data")
        .arg(folder.path().join("new"))
        .args(["search", "acme"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("atalaya serve"));
}
