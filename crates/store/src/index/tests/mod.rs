//! Tests of the index against the meaning of the language, one post at a time.

mod answers;
mod authors;
mod copies;
mod draw;
mod life;
mod meaning;
mod world;
