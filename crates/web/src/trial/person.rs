//! Somebody with a role who reads the pages, as a browser without script asks
//! for them.

use super::{Reply, Trial, signed_in};
use axum::http::request::Builder;
use axum::http::{Request, StatusCode, header};
use model::Role;

/// A signed-in reader, in Spanish.
pub(crate) struct Person<'a> {
    pub trial: &'a Trial,
    session: String,
}

impl<'a> Person<'a> {
    pub fn of(trial: &'a Trial, role: Role) -> Self {
        Self { trial, session: trial.session(role) }
    }

    /// What a form of theirs carries against forgery.
    pub fn form_token(&self) -> String {
        self.trial.form_token(&self.session)
    }

    pub fn request(&self, method: &str, path: &str) -> Builder {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::HOST, "localhost:8080").header(header::ACCEPT_LANGUAGE, "es");
        signed_in(request, &self.session)
    }

    /// Whatever comes.
    pub async fn load(&self, path: &str) -> Reply {
        self.trial.ask(self.request("GET", path), "").await
    }

    /// The part of a page that a script asks for.
    pub async fn fragment(&self, path: &str) -> Reply {
        self.trial.ask(self.request("GET", path).header("hx-request", "true"), "").await
    }

    /// A page that is there and has all its texts.
    pub async fn get(&self, path: &str) -> String {
        let reply = self.load(path).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.text);
        assert!(!reply.text.contains('⟦'), "{path} lacks a text: {}", reply.text);
        reply.text
    }

    /// Sends a form with its token.
    pub async fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Reply {
        let mut body = format!("csrf={}", self.form_token());
        for (name, value) in pairs {
            body.push_str(&format!("&{name}={}", crate::front::url_escape(value)));
        }
        self.send(path, body).await
    }

    /// Sends a form as it is.
    pub async fn send(&self, path: &str, body: String) -> Reply {
        let kind = "application/x-www-form-urlencoded";
        self.trial.ask(self.request("POST", path).header(header::CONTENT_TYPE, kind), body).await
    }
}
