//! A page that asks before something that cannot be undone. It works without
//! script; the action behind it is an ordinary form.

use crate::layout::Page;
use crate::locale::Locale;
use askama::Template;

/// The question.
#[derive(Template)]
#[template(path = "confirm.html")]
pub struct Confirm {
    /// Its frame; the title is the question.
    pub page: Page,
    /// Language.
    pub l: Locale,
    /// What will happen.
    pub text: String,
    /// The particulars, one per line.
    pub points: Vec<String>,
    /// Where the form goes.
    pub action: String,
    /// Hidden fields of the form.
    pub fields: Vec<(&'static str, String)>,
    /// The word on the button that does it.
    pub yes: String,
    /// Where «cancel» leads.
    pub back: String,
}
