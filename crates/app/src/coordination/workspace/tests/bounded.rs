//! Runs that keep to a memory, and what is left of them.

use super::*;
/// What a run in so much memory finds in the same posts.
fn found(now: Timestamp, memory: u64) -> String {
    let mut bench = Bench::new();
    bench.import(&world(now));
    bench.workspace = None;
    let app = App::open(Settings { coordination_memory: memory, ..settings(bench.folder.path()) }).unwrap();
    let workspace = app.workspace("acme").unwrap();
    workspace.detect_coordination_now(&agent(), &DetectionRequest::default()).unwrap();
    assert_eq!(std::fs::read_dir(workspace.folder().join("spool")).unwrap().count(), 0);
    let kept = workspace.coordinated().kept().unwrap();
    assert_eq!(kept.report.groups.len(), 1);
    serde_json::to_string_pretty(&(&kept.report, &kept.groups, &kept.sources)).unwrap()
}

#[test]
fn a_run_finds_the_same_whatever_memory_it_has() {
    let now = Bench::new().now;
    // Not a byte of it: everything is in files.
    let (whole, bounded) = (found(now, crate::COORDINATION_MEMORY), found(now, 0));
    // With how many of the newest a text is compared is told, and depends on the memory.
    let told = |report: &str| -> Vec<String> {
        report.lines().filter(|line| !line.contains("\"texts_compared\"")).map(str::to_owned).collect()
    };
    let (whole, bounded) = (told(&whole), told(&bounded));
    let differs = whole.iter().zip(&bounded).find(|(one, other)| one != other);
    assert_eq!(differs, None);
    assert_eq!(whole.len(), bounded.len());
}

#[test]
fn a_start_removes_what_a_sudden_end_left() {
    let mut bench = Bench::new();
    let spool = bench.workspace().folder().join("spool");
    std::fs::create_dir_all(&spool).unwrap();
    std::fs::write(spool.join(".tmpXy12"), "un texto recibido").unwrap();
    bench.reopen();
    assert_eq!(std::fs::read_dir(&spool).unwrap().count(), 0);
}
