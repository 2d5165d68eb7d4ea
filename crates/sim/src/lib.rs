//! What would the world do? A seeded synthetic world with planted truth,
//! written as real wire bytes and served on loopback.
//!
//! In: a seed. Out: posts in the order of time, each with the truth about it,
//! as Jetstream events, Mastodon statuses, X v2 posts or Bluesky post views.
//! `coordination` is a second world, of groups that act together and of scenes
//! that only look so.
//! Independent of `networks` and `analysis`, so that they can be judged by it.
//! Cost: about 3 µs per post. Deterministic: the same seed gives the same bytes.

pub mod coordination;
mod random;
pub mod serve;
mod text;
pub mod wire;
mod world;

pub use random::Random;
pub use world::{Author, Made, Shape, Truth, World, WorldSettings};
