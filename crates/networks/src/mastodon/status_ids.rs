//! Which status a server's own number names: a stream deletes by that number.

use super::listen::STATUS_IDS_MAX;
use std::collections::{HashMap, VecDeque};

/// The addresses of statuses by the server's own id, the newest.
#[derive(Default)]
pub(super) struct StatusIds {
    uris: HashMap<String, String>,
    order: VecDeque<String>,
}

impl StatusIds {
    pub(super) fn remember(&mut self, id: String, uri: String) {
        if self.uris.insert(id.clone(), uri).is_none() {
            self.order.push_back(id);
        }
        if self.order.len() > STATUS_IDS_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.uris.remove(&oldest);
        }
    }

    pub(super) fn remember_all(&mut self, swept: &mut Vec<(String, String)>) {
        swept.drain(..).for_each(|(id, uri)| self.remember(id, uri));
    }

    pub(super) fn uri_of(&self, id: &str) -> Option<&str> {
        self.uris.get(id).map(String::as_str)
    }
}
