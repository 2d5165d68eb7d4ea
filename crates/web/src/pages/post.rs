//! One post: what it says and wants, whether it was seen before, its thread,
//! its author, everything derived with method and evidence.
//!
//! In: a record id. Out: the page. Errors: 404 when the post is not or no
//! longer there. Limits: [`RAW_BYTES_SHOWN`].

use super::addresses::with_done;
use super::cards::{card, cards};
use super::filters::language_name;
use super::forms::Fields;
use super::reading::{ReadingView, Weight, Wording, method, weights};
use super::scam_signs::{ScamBox, SeenBox, scam_box, seen_box};
use crate::components::post_card::account_name;
use crate::components::{PostCard, plain_line};
use crate::errors::Error;
use crate::front::{Front, Need, Route, Visit, work};
use crate::layout::{Page, Room};
use crate::locale::Locale;
use ::app::listening::PostPage;
use ::app::{App, ToneJudgement};
use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::{Html, Redirect};
use axum::routing::{get, post};
use model::listening::SavedQuery;
use model::{Known, Missing, Permission};
use std::sync::Arc;

/// Most of a received record that the page shows, bytes.
pub const RAW_BYTES_SHOWN: usize = 100_000;

/// The routes.
pub fn routes() -> Vec<Route> {
    vec![
        Route {
            method: Method::GET,
            path: "/posts/{id}",
            need: Need::May(Permission::Read),
            summary: "A post with everything about it",
            handler: get(show),
        },
        Route {
            method: Method::POST,
            path: "/posts/{id}/labels",
            need: Need::May(Permission::Label),
            summary: "Puts a label on a post, or takes it off",
            handler: post(label),
        },
    ]
}

/// A name with its value in local form.
pub struct Fact {
    /// What it is.
    pub name: String,
    /// The value, or why there is none.
    pub value: String,
    /// True when there is no value.
    pub missing: bool,
}

impl Fact {
    /// A count, or the reason why it is missing.
    pub fn count(name: String, value: Known<u64>, l: &Locale) -> Self {
        match value {
            Known::Value(count) => Self { name, value: l.integer(count), missing: false },
            Known::Missing(reason) => {
                let key = match reason {
                    Missing::NotProvided => "missing-value",
                    Missing::Hidden => "missing-hidden",
                    Missing::Implausible => "missing-implausible",
                };
                Self { name, value: l.text(key), missing: true }
            }
        }
    }

    /// A text, or «no data».
    pub fn text(name: String, value: Option<String>, l: &Locale) -> Self {
        let missing = value.is_none();
        Self { name, value: value.unwrap_or_else(|| l.text("missing-value")), missing }
    }
}

/// A statement with the method behind it.
struct Verdict {
    value: String,
    score: Option<String>,
    method: String,
    weights: Vec<Weight>,
}

/// What the model of the team's own says, if there is one; `Some(None)` when it
/// failed: a page does not fail with it.
fn own_judgement(app: &App, found: &PostPage) -> Option<Option<ToneJudgement>> {
    let judged = app
        .tone_model()
        .and_then(|model| model.map(|model| model.judge(&[&found.view.post.full_text()])).transpose());
    match judged {
        Ok(judged) => judged.map(|mut judged| judged.pop()),
        Err(error) => {
            tracing::warn!(%error, "the tone model of the settings failed");
            Some(None)
        }
    }
}

/// What a model of the team's own says of the tone.
struct OwnModel {
    /// The tone, or that it gave none.
    value: String,
    score: Option<String>,
    /// Its labels with their probability, the likeliest first.
    labels: String,
    method: String,
}

#[derive(Template)]
#[template(path = "post/post.html")]
struct PostTemplate<'a> {
    page: &'a Page,
    l: &'a Locale,
    post: PostCard,
    ancestors: Vec<PostCard>,
    thread: Vec<PostCard>,
    engagement: Vec<Fact>,
    times: Vec<Fact>,
    facts: Vec<Fact>,
    doubtful: bool,
    language: Verdict,
    /// `Some(None)` when there is one that failed.
    own_model: Option<Option<OwnModel>>,
    reading: ReadingView,
    scam: Option<ScamBox>,
    seen: Option<SeenBox>,
    queries: &'a [SavedQuery],
    labels: &'a [String],
    may_label: bool,
    id: i64,
    raw: String,
    raw_cut: bool,
    format: &'static str,
}

impl PostTemplate<'_> {
    fn label_href(&self, label: &str) -> String {
        super::addresses::address("/explorer", &[("q", &format!("label:\"{}\"", label.replace('"', "")))])
    }
}

/// Shows a post.
async fn show(
    State(front): State<Arc<Front>>,
    visit: Visit,
    Path(id): Path<i64>,
) -> Result<Html<String>, Error> {
    let now = front.app.now();
    let (workspace, actor) = (Arc::clone(&visit.workspace), visit.actor.clone());
    let app = Arc::clone(&front.app);
    let (found, names, judged) = work(move || {
        let found = workspace.load_post(&actor, id)?;
        let judged = own_judgement(&app, &found);
        Ok((found, app.list_names(&actor, workspace.info().id)?, judged))
    })
    .await?;
    let l = &visit.l;
    let view = &found.view;
    let author = account_name(&view.post.author, l);
    let page = visit.page(l.named("post-page-title", &author), Some(Room::Explorer));
    let mut card = card(view, now, l);
    // The labels stand in their own panel, with the way to take them off.
    card.labels.clear();
    let (raw, raw_cut) = shown_record(&found.raw);
    let template = PostTemplate {
        page: &page,
        l,
        post: card,
        ancestors: cards(&found.ancestors, now, l),
        thread: cards(&found.thread, now, l),
        engagement: engagement(&found, l),
        times: times(&found, l),
        facts: facts(&found, l),
        doubtful: !view.time_plausible,
        language: language(&found, l),
        own_model: judged.map(|judged| judged.map(|judged| own_model(judged, l))),
        reading: Wording { l, names: &names, now }.reading(view, &found.reading, &found.corrections),
        scam: found.scam.as_ref().map(|check| scam_box(check, l)),
        seen: found.seen_before.as_ref().map(|seen| seen_box(seen, view, now, l)),
        queries: &found.queries,
        labels: &view.labels,
        may_label: visit.actor.may(Permission::Label),
        id,
        raw,
        raw_cut,
        format: found.format,
    };
    Ok(Html(template.render()?))
}

fn engagement(found: &PostPage, l: &Locale) -> Vec<Fact> {
    let metrics = &found.view.post.metrics;
    [
        ("post-likes", metrics.likes),
        ("post-replies", metrics.replies),
        ("post-reshares", metrics.reshares),
        ("post-quotes", metrics.quotes),
        ("post-views", metrics.views),
    ]
    .into_iter()
    .map(|(key, value)| Fact::count(l.text(key), value, l))
    .collect()
}

fn times(found: &PostPage, l: &Locale) -> Vec<Fact> {
    let view = &found.view;
    vec![
        Fact::text(l.text("post-page-time-claimed"), view.post.created_at.map(|at| l.date_time(at)), l),
        Fact::text(l.text("post-page-time-received"), Some(l.date_time(view.fetched_at)), l),
        Fact::text(l.text("post-page-time-used"), Some(l.date_time(view.time)), l),
    ]
}

fn facts(found: &PostPage, l: &Locale) -> Vec<Fact> {
    let post = &found.view.post;
    let declared = post.declared_language.map(|lang| language_name(lang.as_str(), l));
    let origin = if found.view.source < 0 {
        l.text_with("post-page-from-import", &[("number", (-found.view.source).to_string().into())])
    } else {
        l.text_with("post-page-from-source", &[("number", found.view.source.to_string().into())])
    };
    vec![
        Fact::text(l.text("post-page-network-id"), Some(plain_line(post.key.native_id.as_str())), l),
        Fact::text(l.text("post-page-declared-language"), declared, l),
        Fact::text(l.text("post-page-country"), post.country.clone(), l),
        Fact::text(l.text("post-page-origin"), Some(origin), l),
    ]
}

fn language(found: &PostPage, l: &Locale) -> Verdict {
    let judged = &found.language;
    let code = judged.value.language;
    let score = f64::from(judged.value.score_01);
    Verdict {
        value: language_name(code.as_ref().map_or("unknown", |lang| lang.as_str()), l),
        score: Some(l.percent(score, 0)),
        method: method(judged.method, judged.version, l),
        weights: weights(&judged.value.reasons, l),
    }
}

fn own_model(judged: ToneJudgement, l: &Locale) -> OwnModel {
    let labels: Vec<String> = judged
        .probabilities
        .iter()
        .map(|(label, probability)| {
            format!("{} {}", plain_line(label), l.percent(f64::from(*probability), 0))
        })
        .collect();
    OwnModel {
        value: l.word("tone", judged.tone.name()),
        score: judged.score.map(|score| l.decimal(f64::from(score), 2)),
        labels: labels.join(" · "),
        method: format!("{} · {}", judged.method, judged.version),
    }
}

/// A record as received, indented when it is JSON: only white space between
/// its parts is added, so order and numbers stay as they came. True when cut.
fn shown_record(raw: &str) -> (String, bool) {
    let is_json = serde_json::from_str::<serde::de::IgnoredAny>(raw).is_ok();
    let text = if is_json { indented(raw) } else { raw.to_owned() };
    let mut end = text.len().min(RAW_BYTES_SHOWN);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    (text.get(..end).unwrap_or_default().to_owned(), end < text.len())
}

fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth.min(40)));
    };
    let mut chars = json.chars().filter(|c| *c != '\r').peekable();
    while let Some(c) = chars.next() {
        if in_text {
            out.push(c);
            in_text = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            '"' => {
                in_text = true;
                out.push(c);
            }
            '{' | '[' => {
                out.push(c);
                while chars.next_if(|next| next.is_whitespace()).is_some() {}
                if chars.peek().is_some_and(|next| matches!(next, '}' | ']')) {
                    out.extend(chars.next());
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c if c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

/// Puts a label on the post, or takes it off.
async fn label(visit: Visit, Path(id): Path<i64>, Form(fields): Form<Fields>) -> Result<Redirect, Error> {
    let name = fields.trimmed("label").to_owned();
    let removes = fields.trimmed("do") == "remove";
    let here = format!("/posts/{id}");
    if name.is_empty() {
        return Ok(Redirect::to(&with_done(&here, "label-no-name")));
    }
    let (workspace, actor) = (visit.workspace, visit.actor);
    work(move || {
        if removes {
            workspace.remove_label(&actor, &[id], &name)
        } else {
            workspace.add_label(&actor, &[id], &name)
        }
    })
    .await?;
    Ok(Redirect::to(&with_done(&here, if removes { "label-removed" } else { "label-added" })))
}

impl PostTemplate<'_> {
    /// The scam check of this post, with everything about its signs.
    fn scam_href(&self) -> String {
        format!("/scam-check?post={}", self.id)
    }

    fn author_href(&self) -> &str {
        self.post.author_href.as_deref().unwrap_or("/explorer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_indented_without_changing_them() {
        let raw = r#"{"b":[1.50,{}],"a":"x, \"{y}\": [z]","c":[]}"#;
        let (shown, cut) = shown_record(raw);
        assert!(!cut);
        assert_eq!(
            shown,
            "{\n  \"b\": [\n    1.50,\n    {}\n  ],\n  \"a\": \"x, \\\"{y}\\\": [z]\",\n  \"c\": []\n}"
        );
        assert_eq!(shown_record("no json").0, "no json");
        let long = "ñ".repeat(RAW_BYTES_SHOWN);
        let (shown, cut) = shown_record(&long);
        assert!(cut && shown.len() <= RAW_BYTES_SHOWN);
    }
}
