//! Innocent scenes that look like coordination: what people do together
//! because they love, read, protest, play or work alike.

use super::settings::{ControlKind, ControlPlan};
use super::stage::{Act, Draft, DraftNumber, Stage, part};
use super::truth::{Cause, Control};
use super::vocabulary::INTERESTS;
use super::words::{edited, expand, interest};
use crate::random::Random;
use model::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};

/// How prominently ordinary people see the posts of scenes.
const COPIES_SHOWN: u32 = 10;
/// Share of notified fans who come at once; the others come when they are awake.
const NOTIFIED_SHARE: f64 = 0.5;
/// Mean time until a notified fan has opened the telephone, ms.
const NOTIFIED_MS: f64 = 240.0 * 1_000.0;
/// Share of a fandom that cares for a post.
const FAN_SHARE: f64 = 0.35;
/// Accounts of a list of suggestions.
const SUGGESTIONS: u32 = 40;
/// Length of a match, ms.
const MATCH_MS: i64 = 110 * MINUTE_MS;

/// Plays every scene of the settings.
pub(super) fn play(stage: &mut Stage<'_>) {
    for control in 0..stage.controls.len() {
        let mut random = part(stage.settings.seed, "control", control as u64);
        // The loop runs over the scenes' own places.
        let Control { plan, accounts, .. } = stage.controls[control].clone();
        let cause = Cause::Control { control: control as u32 };
        let mut scene = Scene { plan, own: accounts, cause, random: &mut random };
        let around = match plan.kind {
            ControlKind::Fans => scene.fans(stage, false),
            ControlKind::NotifiedFans => scene.fans(stage, true),
            ControlKind::Newsroom => scene.newsroom(stage),
            ControlKind::Activists => scene.activists(stage),
            ControlKind::Raffle => scene.raffle(stage),
            ControlKind::BreakingNews => scene.breaking_news(stage),
            ControlKind::Sports => scene.sports(stage),
            ControlKind::CustomerService => scene.customer_service(stage),
            ControlKind::Viral => scene.viral(stage),
            ControlKind::Outrage => scene.outrage(stage),
            ControlKind::Readers => scene.readers(stage),
            // Comes with the groups that frame.
            ControlKind::Framed => None,
        };
        stage.controls[control].around = around;
    }
    for frame in stage.frames.clone() {
        let number = stage.controls.len() as u32;
        let plan = ControlPlan {
            kind: ControlKind::Framed,
            accounts: frame.innocents.len() as u32,
            occasions: frame.operations,
        };
        stage.controls.push(Control { number, plan, accounts: frame.innocents, around: None });
    }
}

struct Scene<'r> {
    plan: ControlPlan,
    /// Outlets or desks of its own, else empty.
    own: Vec<u32>,
    cause: Cause,
    random: &'r mut Random,
}

impl Scene<'_> {
    fn field(&mut self) -> usize {
        self.random.below(INTERESTS.len() as u64) as usize
    }

    fn times(&mut self, stage: &Stage<'_>, tail_ms: i64) -> Vec<i64> {
        stage.working_times(self.random, self.plan.occasions, tail_ms)
    }

    fn reshare(&self, stage: &mut Stage<'_>, account: u32, time: i64, post: DraftNumber) {
        stage.arrange(Draft::new(time, account, Act::Reshare(post), self.cause));
    }

    /// When an account that saw nothing at once comes by: awake, within two days.
    fn later(&mut self, stage: &Stage<'_>, account: u32, posted: i64) -> i64 {
        let habit = stage.habit(account);
        let start = stage.settings.start.millis();
        let days = u64::from(stage.settings.days);
        for _ in 0..8 {
            let delay_days = self.random.exponential(0.5) as i64;
            let day = ((posted - start) / DAY_MS + delay_days).max(0) as u64;
            let time = habit.awake(self.random, stage.settings, day.min(days - 1));
            if time > posted {
                return time;
            }
        }
        posted + self.random.below(18 * HOUR_MS as u64) as i64 + SECOND_MS
    }

    fn fans(&mut self, stage: &mut Stage<'_>, notified: bool) -> Option<u32> {
        let field = self.field();
        let artist = stage.somebody_known(self.random, &[]);
        let fans = stage.some_organic(self.random, self.plan.accounts, Some(field));
        // Some are devoted, most are not.
        let devotion: Vec<f64> = fans.iter().map(|_| FAN_SHARE * 2.0 * self.random.unit().sqrt()).collect();
        for posted in self.times(stage, 6 * HOUR_MS) {
            let post = stage.own_post(self.random, artist, posted, COPIES_SHOWN);
            for (fan, devotion) in fans.iter().zip(&devotion) {
                if *fan == artist || !self.random.chance(*devotion) {
                    continue;
                }
                let at = if notified && self.random.chance(NOTIFIED_SHARE) {
                    posted + 3 * SECOND_MS + self.random.exponential(NOTIFIED_MS) as i64
                } else {
                    self.later(stage, *fan, posted)
                };
                self.reshare(stage, *fan, at, post);
            }
        }
        Some(artist)
    }

    fn newsroom(&mut self, stage: &mut Stage<'_>) -> Option<u32> {
        let domain = format!("noticias-{:02}.example", self.random.below(90) + 10);
        let outlets = self.own.clone();
        for time in self.times(stage, HOUR_MS) {
            let field = self.field();
            let (headline, link) = stage.article(self.random, field, &domain);
            let picture = stage.new_media();
            for (place, outlet) in outlets.iter().enumerate() {
                if !self.random.chance(0.9) {
                    continue;
                }
                // The editorial system sends to one after another.
                let at = time + place as i64 * 2 * SECOND_MS + self.random.below(90_000) as i64;
                let draft = Draft::new(at, *outlet, Act::Original, self.cause).saying(headline.clone());
                let copies = if place < 2 { COPIES_SHOWN } else { 0 };
                stage.arrange(Draft { link: Some(link), media: Some(picture), ..draft }.shown(field, copies));
            }
        }
        self.own.first().copied()
    }

    fn activists(&mut self, stage: &mut Stage<'_>) -> Option<u32> {
        let field = self.field();
        let subject = *self.random.pick(interest(field).subjects);
        let people = stage.some_organic(self.random, self.plan.accounts, Some(field));
        let convener = stage.somebody_known(self.random, &[]);
        let link = stage.new_link(format!("https://peticion.example/firma-{}", stage.links.len()));
        let word = super::words::slug(subject).replace('-', "");
        let tags = [stage.hashtag(&format!("Justicia{word}")), stage.hashtag("YaBasta")];
        for time in self.times(stage, 6 * HOUR_MS) {
            let template = expand(self.random, "{llamado}", subject);
            let called = Draft::new(time - 2 * HOUR_MS, convener, Act::Original, self.cause);
            let call = stage.arrange(
                Draft { hashtags: tags.to_vec(), link: Some(link), ..called }
                    .saying(format!("Este es el texto, a la hora en punto: {template}"))
                    .shown(field, COPIES_SHOWN),
            );
            for account in &people {
                if *account == convener || !self.random.chance(0.7) {
                    continue;
                }
                // Many at the hour, others as they remember.
                let delay = (self.random.normal().abs() * 25.0 * MINUTE_MS as f64) as i64;
                if self.random.chance(0.3) {
                    self.reshare(stage, *account, time + delay, call);
                    continue;
                }
                let text =
                    if self.random.chance(0.7) { template.clone() } else { edited(self.random, &template) };
                let draft = Draft::new(time + delay, *account, Act::Original, self.cause).saying(text);
                let link = self.random.chance(0.6).then_some(link);
                stage.arrange(Draft { hashtags: tags.to_vec(), link, ..draft });
            }
        }
        Some(convener)
    }

    fn raffle(&mut self, stage: &mut Stage<'_>) -> Option<u32> {
        let hunters = stage.some_organic(self.random, self.plan.accounts, None);
        let organiser = stage.somebody_known(self.random, &[]);
        let tag = stage.hashtag("Sorteo");
        for time in self.times(stage, 20 * HOUR_MS) {
            let text = expand(self.random, "{sorteo}", "");
            let draft = Draft::new(time, organiser, Act::Original, self.cause).saying(text);
            let post = stage.arrange(Draft { hashtags: vec![tag], ..draft }.shown(13, COPIES_SHOWN));
            for hunter in &hunters {
                if *hunter == organiser || !self.random.chance(0.55) {
                    continue;
                }
                let at = if self.random.chance(0.4) {
                    time + 5 * SECOND_MS + self.random.exponential(15.0 * MINUTE_MS as f64) as i64
                } else {
                    self.later(stage, *hunter, time)
                };
                self.reshare(stage, *hunter, at, post);
                if self.random.chance(0.5) {
                    let text = expand(self.random, "{participo}", "");
                    let at = at + 2 * SECOND_MS + self.random.below(60_000) as i64;
                    stage.arrange(Draft::new(at, *hunter, Act::Reply(post), self.cause).saying(text));
                }
            }
        }
        Some(organiser)
    }

    fn breaking_news(&mut self, stage: &mut Stage<'_>) -> Option<u32> {
        let outlet = stage.somebody_known(self.random, &[]);
        for time in self.times(stage, 6 * HOUR_MS) {
            let field = self.field();
            let (headline, link) = stage.article(self.random, field, "ultimahora.example");
            let tag = stage.hashtag(interest(field).tags.first().copied().unwrap_or("ÚltimaHora"));
            let draft = Draft::new(time, outlet, Act::Original, self.cause).saying(headline.clone());
            let post = stage.arrange(Draft { link: Some(link), ..draft }.shown(field, 40));
            for account in stage.some_organic(self.random, self.plan.accounts, None) {
                if account == outlet {
                    continue;
                }
                let at = time + 4 * SECOND_MS + self.random.exponential(11.0 * MINUTE_MS as f64) as i64;
                match self.random.below(10) {
                    0..6 => self.reshare(stage, account, at, post),
                    6..8 => {
                        // The button of the page: headline and address.
                        let draft =
                            Draft::new(at, account, Act::Original, self.cause).saying(headline.clone());
                        stage.arrange(Draft { link: Some(link), ..draft });
                    }
                    last => {
                        let text = super::words::said(self.random, field);
                        let act = if last == 8 { Act::Quote(post) } else { Act::Original };
                        let draft = Draft::new(at, account, act, self.cause).saying(text);
                        stage.arrange(Draft { hashtags: vec![tag], ..draft });
                    }
                }
            }
        }
        Some(outlet)
    }

    fn sports(&mut self, stage: &mut Stage<'_>) -> Option<u32> {
        let team = stage.somebody_known(self.random, &[]);
        let crowd = stage.some_organic(self.random, self.plan.accounts, Some(0));
        for (turn, kickoff) in self.times(stage, MATCH_MS + HOUR_MS).into_iter().enumerate() {
            let tags = [stage.hashtag("VamosEquipo"), stage.hashtag(&format!("Jornada{}", turn + 1))];
            let goals = 2 + self.random.below(4);
            for _ in 0..goals {
                let goal = kickoff + self.random.below(MATCH_MS as u64) as i64;
                let minute = (goal - kickoff) / MINUTE_MS;
                let at = goal + 20 * SECOND_MS;
                let draft =
                    Draft::new(at, team, Act::Original, self.cause).saying(format!("Minuto {minute}: ¡gol!"));
                let post = stage.arrange(Draft { hashtags: tags.to_vec(), ..draft }.shown(0, COPIES_SHOWN));
                for fan in &crowd {
                    if *fan == team || !self.random.chance(0.5) {
                        continue;
                    }
                    // All see the same ball; broadcasts differ by up to half a minute.
                    let at = goal + 4 * SECOND_MS + self.random.exponential(35_000.0) as i64;
                    if self.random.chance(0.4) {
                        self.reshare(stage, *fan, at.max(goal + 24 * SECOND_MS), post);
                    } else {
                        let text = expand(self.random, "{gol}", "");
                        let draft = Draft::new(at, *fan, Act::Original, self.cause).saying(text);
                        let hashtags = if self.random.chance(0.8) { tags.to_vec() } else { Vec::new() };
                        stage.arrange(Draft { hashtags, ..draft });
                    }
                }
            }
        }
        Some(team)
    }

    fn customer_service(&mut self, stage: &mut Stage<'_>) -> Option<u32> {
        let desks = self.own.clone();
        for time in self.times(stage, 10 * HOUR_MS) {
            for account in stage.some_organic(self.random, 24, None) {
                let at = time + self.random.below(6 * HOUR_MS as u64) as i64;
                let text = super::words::said(self.random, 15);
                let asked = Draft::new(at, account, Act::Original, Cause::Ordinary).saying(text);
                let complaint = stage.arrange(asked);
                let desk = *self.random.pick(&desks);
                let answer = expand(self.random, "{macro}", "");
                let at = at + MINUTE_MS + self.random.exponential(20.0 * MINUTE_MS as f64) as i64;
                stage.arrange(Draft::new(at, desk, Act::Reply(complaint), self.cause).saying(answer));
            }
        }
        desks.first().copied()
    }

    fn outrage(&mut self, stage: &mut Stage<'_>) -> Option<u32> {
        let disliked = stage.somebody_known(self.random, &[]);
        let angry = stage.some_organic(self.random, self.plan.accounts, None);
        for time in self.times(stage, 20 * HOUR_MS) {
            let post = stage.own_post(self.random, disliked, time, COPIES_SHOWN);
            for account in &angry {
                if *account == disliked || !self.random.chance(0.5) {
                    continue;
                }
                let hours = 1.2 * (self.random.normal() * 1.1).exp();
                let at = time + 30 * SECOND_MS + (hours * HOUR_MS as f64) as i64;
                let template = *self.random.pick(&[
                    "{ataque}, {segundo}{remate}",
                    "{comentario}{cola}",
                    "{ataque}{remate}",
                ]);
                let text = expand(self.random, template, "");
                stage.arrange(Draft::new(at, *account, Act::Reply(post), self.cause).saying(text));
            }
        }
        Some(disliked)
    }

    fn readers(&mut self, stage: &mut Stage<'_>) -> Option<u32> {
        let field = self.field();
        let readers = stage.some_organic(self.random, self.plan.accounts, Some(field));
        for _ in 0..self.plan.occasions {
            let mut listed = stage.some_organic(self.random, SUGGESTIONS, Some(field));
            listed.sort_by_key(|account| std::cmp::Reverse(stage.people[*account as usize].followers));
            for reader in &readers {
                let day = self.random.below(u64::from(stage.settings.days));
                let mut at = stage.habit(*reader).awake(self.random, stage.settings, day);
                for account in &listed {
                    // Down the list, a button every few seconds.
                    at += 2 * SECOND_MS + self.random.exponential(4_000.0) as i64;
                    if self.random.chance(0.5) {
                        stage.arrange(Draft::new(at, *reader, Act::Follow(*account), self.cause));
                    }
                }
            }
        }
        None
    }

    fn viral(&mut self, stage: &mut Stage<'_>) -> Option<u32> {
        for time in self.times(stage, 20 * HOUR_MS) {
            // Anybody's post may run.
            let author = *self.random.pick(&stage.organic);
            let post = stage.own_post(self.random, author, time, 30);
            for account in stage.some_organic(self.random, self.plan.accounts, None) {
                if account == author {
                    continue;
                }
                let hours = 2.5 * (self.random.normal() * 1.1).exp();
                let at = time + SECOND_MS * 20 + (hours * HOUR_MS as f64) as i64;
                self.reshare(stage, account, at, post);
            }
        }
        None
    }
}
