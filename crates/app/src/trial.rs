//! A workspace on its first day and the same numbers in every run, for the tests of this crate.

use crate::access::{FirstVisit, NewPerson};
use crate::listening::Workspace;
use crate::{App, Settings};
use model::handbook::{Brand, BrandHandbook};
use model::{Lang, Role};
use std::sync::Arc;
use tempfile::TempDir;

/// Opens a data folder of its own with one workspace, whose brand and
/// competitors have these names. The folder goes when the first value goes.
pub(crate) fn first_day(brand: &str, competitors: &[&str]) -> (TempDir, Arc<App>, Arc<Workspace>) {
    let folder = tempfile::tempdir().unwrap();
    let app = App::open(Settings { threads: 2, ..Settings::new(folder.path()) }).unwrap();
    let named = |name: &str| Brand { names: vec![name.to_owned()], handles: Vec::new() };
    let visit = FirstVisit {
        administrator: NewPerson {
            email: "ana@example.org".to_owned(),
            name: "Ana".to_owned(),
            password: "una frase bastante larga".to_owned(),
            locale: Lang::ES,
            role: Role::Administrator,
        },
        workspace: brand.to_owned(),
        time_zone: "America/Panama".to_owned(),
        locale: Lang::ES,
        handbook: BrandHandbook {
            brand: named(brand),
            competitors: competitors.iter().copied().map(named).collect(),
            ..BrandHandbook::default()
        },
    };
    let (_, slug) = app.set_up(&visit).unwrap();
    let workspace = app.workspace(&slug).unwrap();
    (folder, app, workspace)
}

/// The same numbers in every run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn number(&mut self, limit: u32) -> u32 {
        u32::try_from(self.below(limit as usize)).unwrap()
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}
