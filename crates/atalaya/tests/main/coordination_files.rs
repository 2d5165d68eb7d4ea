//! The command line on files that are not as they should be, and the files it writes.

use crate::installation::{Installation, Ran};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const HEADER: &str = "object_id,account_id,content_id,timestamp_share\n";
const START_S: i64 = 1_735_689_600;

/// Rows of 8 accounts that share 60 objects within seconds of each other, among
/// 200 that share when they like: object, account, post, second.
fn farm(names: &dyn Fn(usize) -> String) -> Vec<(String, String, String, i64)> {
    let mut rows = Vec::new();
    // A linear congruence: the same crowd in every run.
    let mut state = 7_u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for object in 0..60_i64 {
        let begin = START_S + object * 7_200;
        let turn = usize::try_from(next(8)).unwrap();
        for place in 0..8 {
            let account = names((place + turn) % 8);
            let time = begin + 3_600 + i64::try_from(place).unwrap() * 2;
            rows.push((object, account, time));
        }
        for _ in 0..25 {
            let account = format!("gente{}", next(200));
            rows.push((object, account, begin + i64::try_from(next(86_400)).unwrap()));
        }
    }
    let name = |object: i64| format!("http://prensa.example/{object}");
    rows.into_iter()
        .enumerate()
        .map(|(number, (object, account, time))| (name(object), account, format!("c{number}"), time))
        .collect()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The rows as a table, each time as `time` writes it.
fn table(rows: &[(String, String, String, i64)], time: &dyn Fn(i64) -> String) -> String {
    let mut table = HEADER.to_owned();
    for (object, account, post, at) in rows {
        writeln!(table, "{},{},{post},{}", quoted(object), quoted(account), time(*at)).unwrap();
    }
    table
}

fn plain_farm() -> Vec<(String, String, String, i64)> {
    farm(&|number| format!("red{number}"))
}

fn detect(place: &Installation, file: &str, out: &Path, more: &[&str]) -> Ran {
    let out = out.to_str().unwrap();
    let mut arguments = vec!["coordination", "detect", file, "--trace", "co_link", "--out", out];
    arguments.extend(more);
    place.run(&arguments)
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn members(out: &Path) -> BTreeSet<String> {
    let report = json(&out.join("groups.json"));
    let groups = report["groups"].as_array().unwrap();
    let all = groups.iter().flat_map(|group| group["members"].as_array().unwrap());
    all.map(|member| member["account"].as_str().unwrap().to_owned()).collect()
}

fn cells(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn times_in_any_unit_give_the_same_groups() {
    let place = Installation::new();
    let rows = plain_farm();
    let units: [(&str, &dyn Fn(i64) -> String); 4] = [
        ("s", &|at| at.to_string()),
        ("ms", &|at| format!("{at}500")),
        ("us", &|at| format!("{at}500000")),
        ("float", &|at| format!("{at}.25")),
    ];
    for (unit, time) in units {
        let file = place.file("tabla.csv", table(&rows, time));
        let out = place.beside(unit);
        detect(&place, &file, &out, &[]).expect(0);
        let expected: BTreeSet<String> = (0..8).map(|number| format!("red{number}")).collect();
        assert_eq!(members(&out), expected, "{unit}");
    }
}

#[test]
fn what_cannot_be_used_is_never_a_clean_bill() {
    let place = Installation::new();
    let rows = plain_farm();
    let without_time = "id,author,text\n1,ana,hola a todos\n2,bea,hola a todos\n".to_owned();
    let cases: [(&str, String, &str); 6] = [
        ("negative", table(&rows, &|at| format!("-{at}")), "not within 1970 and 2106"),
        ("year 9942", table(&rows, &|at| format!("25{at}")), "lies before 1990"),
        ("header only", HEADER.to_owned(), "no rows behind its header"),
        ("no time", table(&rows, &|_| String::new()), "there is no timestamp_share"),
        ("posts without time", without_time, "--map time=COLUMN"),
        (
            "two of three in words",
            table(&rows, &|at| if at % 3 == 0 { at.to_string() } else { "ayer".to_owned() }),
            "--map timestamp_share=COLUMN",
        ),
    ];
    for (name, text, reason) in cases {
        let file = place.file("tabla.csv", text);
        let out = place.beside("nada");
        let ran = detect(&place, &file, &out, &[]).expect(1);
        assert!(ran.err.contains(reason), "{name}: {}", ran.err);
        assert!(!ran.out.contains("groups") && !out.exists(), "{name}");
    }
}

#[test]
fn what_is_left_out_is_named_with_its_line() {
    let place = Installation::new();
    let mut rows = plain_farm();
    rows.iter_mut().step_by(3).for_each(|row| row.1 = String::new());
    let mut text = table(&rows, &|at| at.to_string());
    writeln!(text, "o,{},c,{START_S}", "x".repeat(70_000)).unwrap();
    let last = text.lines().count();
    let file = place.file("tabla.csv", &text);
    let ran = detect(&place, &file, &place.beside("found"), &[]).expect(3);
    assert!(ran.err.contains("661 rejected"), "{}", ran.err);
    assert!(ran.err.contains("line 2: there is no account_id"), "{}", ran.err);
    assert_eq!(ran.err.matches("there is no account_id").count(), 10);
    assert!(ran.err.contains("and 651 more"), "{}", ran.err);
    // A row that is too long spoils only itself.
    let file = place.file(
        "larga.csv",
        format!("{}o,{},c,{START_S}\n", table(&plain_farm(), &|at| at.to_string()), "x".repeat(70_000)),
    );
    let ran = detect(&place, &file, &place.beside("larga"), &[]).expect(3);
    assert!(ran.err.contains(&format!("line {last}: the row is longer than 65536 bytes")), "{}", ran.err);
}

#[test]
fn columns_can_be_named_and_wrong_names_are_told() {
    let place = Installation::new();
    let text = table(&plain_farm(), &|at| at.to_string()).replacen(HEADER, "url,who,num,when\n", 1);
    let file = place.file("tabla.csv", text);
    let out = place.beside("found");
    let ran = detect(&place, &file, &out, &[]).expect(1);
    for part in ["url, who, num, when", "object_id, account_id, content_id, timestamp_share", "--map"] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    let maps = ["object_id=url", "account_id=who", "content_id=num", "timestamp_share=when"];
    let named: Vec<&str> = maps.iter().flat_map(|map| ["--map", map]).collect();
    detect(&place, &file, &out, &named).expect(0);
    assert_eq!(members(&out).len(), 8);
    let wrong = detect(&place, &file, &place.beside("x"), &["--map", "object_id=nada"]).expect(1);
    assert!(wrong.err.contains("there is no column «nada»; it has url, who, num, when"), "{}", wrong.err);
    for file in [&file, &place.file("buena.csv", table(&plain_farm(), &|at| at.to_string()))] {
        let wrong = detect(&place, file, &place.beside("x"), &["--map", "foo=bar"]).expect(1);
        assert!(wrong.err.contains("there is no field «foo»; use one of id, text"), "{}", wrong.err);
    }
    let wrong = detect(&place, &file, &place.beside("x"), &["--map", "object_id=url", "--map", "text=who"]);
    assert!(wrong.expect(1).err.contains("«text» is no field of a table of shares"));
}

#[test]
fn no_cell_is_a_formula_and_the_shares_are_the_same_again() {
    let place = Installation::new();
    let bad = ["=cmd|'/c calc'!A1", "+34", "-uno", "@dos", "''=tres", "<b>", "a,\"b\"", "siete"];
    let mut rows = farm(&|number| bad[number].to_owned());
    rows.iter_mut().for_each(|row| row.0 = format!("=HYPERLINK(\"{}\")", row.0));
    let file = place.file("tabla.csv", table(&rows, &|at| at.to_string()));
    let out = place.beside("found");
    detect(&place, &file, &out, &[]).expect(0);
    // One mark before what looks like a formula is taken for that of a table of ours.
    let read = |name: &&str| name.replacen("''=", "'=", 1);
    assert_eq!(members(&out), bad.iter().map(read).collect());
    let mut guarded = 0;
    for name in ["members.csv", "edges.csv", "actions.csv", "shares-co_link.csv"] {
        for cell in cells(&out.join(name)).into_iter().flatten() {
            let runs = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
            assert!(!runs, "{name}: {cell}");
            guarded += u32::from(cell.starts_with("'="));
        }
    }
    assert!(guarded > 100, "{guarded}");
    // Our own table is read again as what it was.
    let again = place.beside("again");
    detect(&place, out.join("shares-co_link.csv").to_str().unwrap(), &again, &[]).expect(0);
    for name in ["groups.json", "members.csv", "edges.csv", "actions.csv", "shares-co_link.csv"] {
        assert_eq!(fs::read(out.join(name)).unwrap(), fs::read(again.join(name)).unwrap(), "{name}");
    }
}

#[test]
fn names_that_differ_in_control_characters_alone_are_nodes_of_their_own() {
    let place = Installation::new();
    let rows = farm(&|number| {
        // The last one is no control character.
        let last = u8::try_from(number).map(|number| if number == 7 { 't' } else { char::from(2 + number) });
        format!("a\u{1}{}", last.unwrap())
    });
    let file = place.file("tabla.csv", table(&rows, &|at| at.to_string()));
    let out = place.beside("found");
    detect(&place, &file, &out, &[]).expect(0);
    assert_eq!(members(&out).len(), 8);
    for (name, end) in [("graph.gexf", "</gexf>"), ("graph.graphml", "</graphml>")] {
        let text = fs::read_to_string(out.join(name)).unwrap();
        let ids: BTreeSet<&str> =
            text.split("<node id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(ids.len() == 8 && text.trim_end().ends_with(end), "{name}: {ids:?}");
    }
}

#[test]
fn a_folder_holds_the_files_of_one_run() {
    let place = Installation::new();
    let file = place.file("tabla.csv", table(&plain_farm(), &|at| at.to_string()));
    let out = place.beside("found");
    let coortweet = ["--rule", "coortweet"];
    detect(&place, &file, &out, &coortweet).expect(0);
    assert!(out.join("coortweet-co_link.csv").exists());
    let refused = detect(&place, &file, &out, &[]).expect(1);
    assert!(refused.err.contains("--overwrite") && refused.err.contains("not empty"), "{}", refused.err);
    fs::write(out.join("notas.txt"), "mías").unwrap();
    detect(&place, &file, &out, &["--overwrite"]).expect(0);
    let names = || -> BTreeSet<String> {
        fs::read_dir(&out).unwrap().map(|one| one.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert!(!names().contains("coortweet-co_link.csv") && names().contains("notas.txt"));
    let listed: BTreeSet<String> =
        json(&out.join("manifest.json"))["files"].as_object().unwrap().keys().cloned().collect();
    let mut present = names();
    present.remove("notas.txt");
    assert_eq!(listed, present);
    // A file of that name which no run of ours wrote stays, and stops it.
    fs::write(out.join("coortweet-co_text.csv"), "mía").unwrap();
    let refused = detect(&place, &file, &out, &["--overwrite"]).expect(1);
    assert!(refused.err.contains("coortweet-co_text.csv"), "{}", refused.err);
    fs::remove_file(out.join("coortweet-co_text.csv")).unwrap();
    // A list from elsewhere takes nothing away that is no file of a run.
    let stolen = r#"{"files": {"../tabla.csv": "", "notas.txt": "", "edges.csv": ""}}"#;
    fs::write(out.join("manifest.json"), stolen).unwrap();
    detect(&place, &file, &out, &["--overwrite"]).expect(1);
    for name in listed.iter().filter(|name| *name != "manifest.json" && *name != "edges.csv") {
        fs::remove_file(out.join(name)).unwrap();
    }
    detect(&place, &file, &out, &["--overwrite"]).expect(0);
    assert_eq!(fs::read_to_string(out.join("notas.txt")).unwrap(), "mías");
    assert!(Path::new(&file).exists());
    fs::remove_file(out.join("manifest.json")).unwrap();
    let refused = detect(&place, &file, &out, &["--overwrite"]).expect(1);
    assert!(refused.err.contains("name another folder"), "{}", refused.err);
}

#[test]
fn the_tables_say_what_the_manifest_says_of_them() {
    let place = Installation::new();
    let file = place.file("tabla.csv", table(&plain_farm(), &|at| at.to_string()));
    let out = place.beside("found");
    let ran = detect(&place, &file, &out, &[]).expect(0);
    assert!(ran.out.contains("1 group, ") && ran.out.contains("8 accounts"), "{}", ran.out);
    let edges = cells(&out.join("edges.csv"));
    assert_eq!(edges[0][6], "halves");
    let mut pairs: BTreeMap<Vec<String>, u32> = BTreeMap::new();
    for edge in &edges[1..] {
        *pairs.entry(vec![edge[1].clone(), edge[3].clone(), edge[5].clone()]).or_default() += 1;
    }
    assert!(pairs.len() > 10 && pairs.values().all(|rows| *rows == 1), "{pairs:?}");
    assert!(edges[1..].iter().any(|edge| edge[6] == "2"), "both halves tie some pair");
    let actions = cells(&out.join("actions.csv"));
    assert_eq!(
        actions[0],
        ["trace", "object_id", "object", "half", "account", "member", "post", "time_s", "group"]
    );
    let halves: BTreeSet<&str> = actions[1..].iter().map(|row| row[3].as_str()).collect();
    assert_eq!(halves, BTreeSet::from(["1", "2"]));
    // Every object was shared by the group: everybody's acts are there.
    assert_eq!(actions.len() - 1, plain_farm().len());
    assert_eq!(actions[1..].iter().filter(|row| row[5] == "true").count(), 8 * 60);
    let manifest = json(&out.join("manifest.json"));
    assert!(manifest["halves"].as_str().unwrap().contains("actions.csv"));
    assert!(manifest["notes"].to_string().contains("another baseline"));
    assert_eq!(manifest["input"][0]["taken"], plain_farm().len());
}

#[test]
fn a_report_comes_as_json() {
    let place = Installation::new();
    let file = place.file("tabla.csv", table(&plain_farm(), &|at| at.to_string()));
    let out = place.beside("found");
    let told = detect(&place, &file, &out, &["--json"]).expect(0).json();
    assert_eq!(told, json(&out.join("groups.json")));
    let told =
        detect(&place, &file, &place.beside("rule"), &["--json", "--rule", "coortweet"]).expect(0).json();
    assert!(told["trace"] == "co_link" && told["edges"].as_u64().unwrap() >= 28, "{told}");
}

#[test]
fn paths_that_do_not_work_are_told_with_what_to_do() {
    let place = Installation::new();
    let file = place.file("tabla.csv", table(&plain_farm(), &|at| at.to_string()));
    let out = place.beside("found");
    for (input, out, part) in [
        (place.beside("falta.csv").to_str().unwrap(), out.as_path(), "there is no file"),
        (place.data().to_str().unwrap(), out.as_path(), "is a folder: name the files in it"),
        (file.as_str(), Path::new(&file), "is a file, or lies below one: name a folder"),
        (file.as_str(), &Path::new(&file).join("below"), "is a file, or lies below one: name a folder"),
    ] {
        let ran = detect(&place, input, out, &[]).expect(1);
        assert!(ran.err.contains(part) && !ran.err.contains("os error"), "{}", ran.err);
    }
}

/// Posts of the group with links, and of others, beside other posts of theirs.
fn posts() -> String {
    let mut lines = String::from("id,author_id,author,text,time,network\n");
    for (number, (object, account, _, at)) in plain_farm().iter().enumerate() {
        let object = object.replacen("http://", "https://www.", 1);
        let time = model::Timestamp::from_millis(at * 1_000);
        writeln!(lines, "9900000{number},{account},{account},mira {object}/?utm_source=x,{time},x").unwrap();
    }
    lines
}

#[test]
fn an_audit_is_a_report_with_its_definitions() {
    let place = Installation::new();
    let file = place.file("posts.csv", posts());
    let audit = |campaign: &str, more: &[&str]| {
        let mut arguments = vec!["coordination", "audit", &file, "--campaign", campaign];
        arguments.extend(more);
        place.run(&arguments)
    };
    // However the link is written.
    let ran = audit("link:prensa.example/7", &[]).expect(0);
    assert_eq!(ran.out, audit("link:prensa.example/7", &["--rule", "timing"]).expect(0).out);
    assert!(ran.out.starts_with("Campaign «link:prensa.example/7»: 33 posts by "), "{}", ran.out);
    for part in ["organic: no sign of", "inactive: by", "“At most” is", "Wilson", "Method campaign-engagers"]
    {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    let other = audit("link:http://www.prensa.example/7", &["--json"]).expect(0).json();
    assert_eq!(other["posts"], 33);
    let choice = audit("link:prensa.example/7", &["--rule", "choice", "--json"]).expect(0).json();
    assert_eq!(choice["posts"], 33);
    let none = audit("link:prensa.example/no", &[]).expect(1);
    assert!(none.err.contains("no post in these files is found"), "{}", none.err);
    let shares = place.file("tabla.csv", table(&plain_farm(), &|at| at.to_string()));
    let none = place.run(&["coordination", "audit", &shares, "--campaign", "hola"]).expect(1);
    assert!(none.err.contains("a table of shares has no words"), "{}", none.err);
}

#[test]
fn a_graph_has_both_forms_and_rules() {
    let place = Installation::new();
    let file = place.file("tabla.csv", table(&plain_farm(), &|at| at.to_string()));
    for (format, rule, end) in [("gexf", "timing", "</gexf>"), ("graphml", "choice", "</graphml>")] {
        let ran = place.run(&[
            "coordination",
            "graph",
            &file,
            "--behaviour",
            "co_link",
            "--format",
            format,
            "--rule",
            rule,
        ]);
        assert!(ran.expect(0).out.trim_end().ends_with(end));
    }
    let ran =
        place.run(&["coordination", "graph", &file, "--format", "gexf", "--rule", "coortweet"]).expect(2);
    assert!(ran.err.contains("timing, choice"), "{}", ran.err);
}

#[test]
fn help_lists_what_can_be_said() {
    let place = Installation::new();
    let help = place.run(&["coordination", "detect", "--help"]).expect(0).out;
    for part in [
        "co_hashtag",
        "synchrony",
        "--behaviour",
        "--overwrite",
        "coortweet:",
        "choice:",
        "--memory",
        "The same address linked",
        "--window 60s",
    ] {
        assert!(help.contains(part), "{part}: {help}");
    }
}
