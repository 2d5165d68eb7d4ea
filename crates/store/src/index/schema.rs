//! How a post is laid out in the index: fields, packed facts and terms.

use model::query::{Comparison, Facts, Has};
use model::text::{Token, Tokens};
use model::{Emotion, Intent, Lang, Network, Offence, PostKind, Tone};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt::Write as _;
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, STORED, Schema, TantivyDocument, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Token as EngineToken, TokenStream, Tokenizer};

/// Version of this layout. A folder written with another one is rebuilt.
pub(super) const LAYOUT_VERSION: u32 = 2;
/// Longest string kept whole as a term or column value, bytes; a longer one is
/// cut and told apart by a digest.
pub(super) const TERM_BYTES_MAX: usize = 512;
/// Name under which [`PackedTokenizer`] is registered.
pub(super) const TOKENIZER: &str = "packed";
/// Begins the term of a word in a spelling other than its folded form:
/// mark, folded form, mark, spelling. No folded word holds this character.
const SPELLING_MARK: char = '\u{1}';
/// Packed text: the next token stands at the position of the one before.
const SAME_POSITION: char = '\u{2}';
/// Packed text: the next token stands at the next position.
const NEXT_POSITION: char = '\u{3}';
/// Packed text: one position holds nothing.
const SKIP_POSITION: char = '\u{4}';

/// The fields of the schema.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub text: Field,
    pub hashtag: Field,
    pub tagged: Field,
    pub host: Field,
    author: Field,
    handle: Field,
    thread: Field,
    country: Field,
    domain: Field,
    link: Field,
    id: Field,
    time: Field,
    facts: Field,
    source: Field,
    tone_score: Field,
    followers: Field,
    engagement: Field,
    cascade: Field,
    pub signature: Field,
}

/// Names of the columns.
pub(super) mod column {
    pub(in super::super) const ID: &str = "id";
    pub(in super::super) const TIME: &str = "time";
    pub(in super::super) const FACTS: &str = "facts";
    pub(in super::super) const SOURCE: &str = "source";
    pub(in super::super) const TONE_SCORE: &str = "tone_score";
    pub(in super::super) const FOLLOWERS: &str = "followers";
    pub(in super::super) const ENGAGEMENT: &str = "engagement";
    pub(in super::super) const CASCADE: &str = "cascade";
    pub(in super::super) const AUTHOR: &str = "author";
    pub(in super::super) const HANDLE: &str = "handle";
    pub(in super::super) const THREAD: &str = "thread";
    pub(in super::super) const COUNTRY: &str = "country";
    pub(in super::super) const HASHTAG: &str = "hashtag";
    pub(in super::super) const TAGGED: &str = "tagged";
    pub(in super::super) const DOMAIN: &str = "domain";
    pub(in super::super) const LINK: &str = "link";
}

/// The schema and its fields.
pub(super) fn layout() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = TextFieldIndexing::default()
        .set_tokenizer(TOKENIZER)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions)
        .set_fieldnorms(false);
    let whole = || {
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false)
    };
    let indexed = || TextOptions::default().set_indexing_options(whole());
    let strings = || TextOptions::default().set_fast("raw");
    let number = || NumericOptions::default().set_fast();
    let fields = Fields {
        text: builder.add_text_field("text", TextOptions::default().set_indexing_options(words)),
        hashtag: builder.add_text_field(column::HASHTAG, indexed().set_fast("raw")),
        tagged: builder.add_text_field(column::TAGGED, indexed().set_fast("raw")),
        host: builder.add_text_field("host", indexed()),
        author: builder.add_text_field(column::AUTHOR, strings()),
        handle: builder.add_text_field(column::HANDLE, strings()),
        thread: builder.add_text_field(column::THREAD, strings()),
        country: builder.add_text_field(column::COUNTRY, strings()),
        domain: builder.add_text_field(column::DOMAIN, strings()),
        link: builder.add_text_field(column::LINK, strings()),
        id: builder.add_u64_field(column::ID, number()),
        time: builder.add_u64_field(column::TIME, number()),
        facts: builder.add_u64_field(column::FACTS, number()),
        source: builder.add_u64_field(column::SOURCE, number()),
        tone_score: builder.add_u64_field(column::TONE_SCORE, number()),
        followers: builder.add_u64_field(column::FOLLOWERS, number()),
        engagement: builder.add_u64_field(column::ENGAGEMENT, number()),
        cascade: builder.add_u64_field(column::CASCADE, number()),
        signature: builder.add_bytes_field("signature", STORED),
    };
    (builder.build(), fields)
}

/// A signed number as a column value; keeps the order.
pub(super) fn to_column(value: i64) -> u64 {
    tantivy::i64_to_u64(value)
}

/// [`to_column`] undone.
pub(super) fn from_column(value: u64) -> i64 {
    tantivy::u64_to_i64(value)
}

/// The small facts of a post in one number, so that one column read answers
/// most questions. From the lowest bit: has 8, plausible date 1, kind 2,
/// tone 3, network 6, language 10, intents 10, offence 3, emotion 3, urgency
/// in hundredths + 1 (0: unknown) 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PackedFacts(pub u64);

/// Values of [`PackedFacts::network_tone`].
pub(super) const NETWORK_TONES: usize = 1 << 9;
/// Values of [`PackedFacts::language_index`].
pub(super) const LANGUAGES: usize = 1 << 10;

/// Values of [`PackedFacts::urgency_index`].
pub(super) const URGENCIES: usize = 1 << 7;

/// A condition on [`PackedFacts`]: the bits under the mask have a value from
/// `min` to `max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FactsTest {
    mask: u64,
    min: u64,
    max: u64,
}

const PLAUSIBLE_AT: u32 = 8;
const KIND_AT: u32 = 9;
const TONE_AT: u32 = 11;
const NETWORK_AT: u32 = 14;
const LANGUAGE_AT: u32 = 20;
const INTENTS_AT: u32 = 30;
const OFFENCE_AT: u32 = 40;
const EMOTION_AT: u32 = 43;
const URGENCY_AT: u32 = 46;

impl PackedFacts {
    pub(super) fn of(facts: &Facts) -> Self {
        Self(
            u64::from(facts.has.0)
                | u64::from(facts.time_plausible) << PLAUSIBLE_AT
                | u64::from(facts.kind as u8) << KIND_AT
                | u64::from(facts.tone.code()) << TONE_AT
                | u64::from(facts.network.code() & 63) << NETWORK_AT
                | language_index(facts.language) << LANGUAGE_AT
                | u64::from(facts.intents.bits()) << INTENTS_AT
                | u64::from(facts.offence as u8) << OFFENCE_AT
                | u64::from(facts.emotion as u8) << EMOTION_AT
                | facts.urgency_percent.map_or(0, |percent| u64::from(percent.min(100)) + 1) << URGENCY_AT,
        )
    }

    pub(super) const fn time_plausible(self) -> bool {
        self.0 & (1 << PLAUSIBLE_AT) != 0
    }

    /// Number of the kind, below 4.
    pub(super) const fn kind_index(self) -> usize {
        (self.0 >> KIND_AT) as usize & 3
    }

    /// Number of the tone, below 8.
    pub(super) const fn tone_index(self) -> usize {
        (self.0 >> TONE_AT) as usize & 7
    }

    /// `network · 8 + tone`, below [`NETWORK_TONES`].
    pub(super) const fn network_tone(self) -> usize {
        (self.0 >> TONE_AT) as usize & (NETWORK_TONES - 1)
    }

    /// Number of the language, below [`LANGUAGES`]; 0 is unknown.
    pub(super) const fn language_index(self) -> usize {
        (self.0 >> LANGUAGE_AT) as usize & (LANGUAGES - 1)
    }

    /// One bit per intent.
    pub(super) const fn intents(self) -> u16 {
        (self.0 >> INTENTS_AT) as u16 & ((1 << Intent::ALL.len()) - 1)
    }

    /// Number of the offence, below 8.
    pub(super) const fn offence_index(self) -> usize {
        (self.0 >> OFFENCE_AT) as usize & 7
    }

    /// Number of the emotion, below 8.
    pub(super) const fn emotion_index(self) -> usize {
        (self.0 >> EMOTION_AT) as usize & 7
    }

    /// Hundredths of urgency + 1, below [`URGENCIES`]; 0 is unknown.
    pub(super) const fn urgency_index(self) -> usize {
        (self.0 >> URGENCY_AT) as usize & (URGENCIES - 1)
    }
}

impl FactsTest {
    /// The `bits` from `at` on have this value.
    const fn equal(bits: u32, at: u32, value: u64) -> Self {
        Self { mask: ((1 << bits) - 1) << at, min: value << at, max: value << at }
    }

    pub(super) fn network(network: Network) -> Self {
        Self::equal(6, NETWORK_AT, u64::from(network.code() & 63))
    }

    pub(super) fn language(language: Option<Lang>) -> Self {
        Self::equal(10, LANGUAGE_AT, language_index(language))
    }

    pub(super) fn tone(tone: Tone) -> Self {
        Self::equal(3, TONE_AT, u64::from(tone.code()))
    }

    pub(super) fn kind(kind: PostKind) -> Self {
        Self::equal(2, KIND_AT, u64::from(kind as u8))
    }

    pub(super) fn has(has: Has) -> Self {
        Self::equal(1, u32::from(has as u8), 1)
    }

    pub(super) fn intent(intent: Intent) -> Self {
        Self::equal(1, INTENTS_AT + u32::from(intent as u8), 1)
    }

    pub(super) fn offence(offence: Offence) -> Self {
        Self::equal(3, OFFENCE_AT, u64::from(offence as u8))
    }

    pub(super) fn emotion(emotion: Emotion) -> Self {
        Self::equal(3, EMOTION_AT, u64::from(emotion as u8))
    }

    /// Known urgency within these hundredths.
    pub(super) fn urgency(range: Comparison) -> Self {
        let index = |percent: u64| (percent.min(URGENCIES as u64 - 2) + 1) << URGENCY_AT;
        let mask = (URGENCIES as u64 - 1) << URGENCY_AT;
        Self { mask, min: index(range.min), max: index(range.max) }
    }

    pub(super) const fn holds(self, facts: u64) -> bool {
        let value = facts & self.mask;
        self.min <= value && value <= self.max
    }
}

/// 0 for unknown, else 1 + 26 · first letter + second letter.
fn language_index(language: Option<Lang>) -> u64 {
    language.map_or(0, |language| {
        let [first, second] = language.code().to_be_bytes().map(|letter| u64::from(letter - b'a'));
        1 + 26 * first + second
    })
}

/// The language of a number that [`PackedFacts::language_index`] gave.
pub(super) fn language_of(index: usize) -> Option<Lang> {
    let index = u8::try_from(index.checked_sub(1)? / 26).ok().zip(u8::try_from((index - 1) % 26).ok());
    index.and_then(|(first, second)| Lang::from_bytes([first.saturating_add(b'a'), second + b'a']))
}

/// A tone score in steps of a thousandth above −1, for the column.
pub(super) fn score_to_column(score: f32) -> u64 {
    // Clamped to 0…2000 before the cast; NaN becomes 0 by the cast's rules.
    ((f64::from(score) + 1.0) * 1_000.0).round().clamp(0.0, 2_000.0) as u64
}

/// The form in which a string is kept as a term or column value: itself, or
/// its beginning and a digest when it is longer than [`TERM_BYTES_MAX`].
pub(super) fn term_of(text: &str) -> Cow<'_, str> {
    if text.len() <= TERM_BYTES_MAX {
        return Cow::Borrowed(text);
    }
    let mut end = TERM_BYTES_MAX - 72;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut term = text.get(..end).unwrap_or_default().to_owned();
    term.push('…');
    push_digest(&mut term, text);
    Cow::Owned(term)
}

fn push_digest(out: &mut String, text: &str) {
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
}

/// The term of a word in a spelling other than its folded form.
pub(super) fn spelling_term(folded: &str, spelling: &str) -> String {
    let mut term = String::with_capacity(folded.len() + spelling.len() + 2);
    push_spelling_term(&mut term, folded, spelling);
    term
}

fn push_spelling_term(out: &mut String, folded: &str, spelling: &str) {
    out.push(SPELLING_MARK);
    out.push_str(folded);
    out.push(SPELLING_MARK);
    if spelling.len() <= TERM_BYTES_MAX {
        out.push_str(spelling);
    } else {
        out.push(SPELLING_MARK);
        push_digest(out, spelling);
    }
}

/// The beginning of the terms of all other spellings of a word.
pub(super) fn spellings_prefix(folded: &str) -> String {
    format!("{SPELLING_MARK}{folded}{SPELLING_MARK}")
}

/// True for a term that is a word, false for one of a spelling.
pub(super) fn is_word_term(term: &[u8]) -> bool {
    term.first() != Some(&(SPELLING_MARK as u8))
}

/// Writes tokens with their positions and spellings into one string, which
/// [`PackedTokenizer`] reads back: the engine sees exactly these tokens.
pub(super) fn pack_tokens(text: &str, tokens: &Tokens) -> String {
    let mut packed = String::with_capacity(text.len() + text.len() / 2 + 16);
    let mut filled = 0;
    for (folded, token) in tokens.iter() {
        if token.position < filled {
            packed.push(SAME_POSITION);
        } else {
            (filled..token.position).for_each(|_| packed.push(SKIP_POSITION));
            packed.push(NEXT_POSITION);
            filled = token.position + 1;
        }
        packed.push_str(folded);
        let spelling = spelling_of(text, token);
        if spelling != folded {
            packed.push(SAME_POSITION);
            push_spelling_term(&mut packed, folded, spelling);
        }
    }
    packed
}

fn spelling_of<'a>(text: &'a str, token: &Token) -> &'a str {
    text.get(token.start as usize..token.end as usize).unwrap_or_default()
}

/// Reads what [`pack_tokens`] wrote.
#[derive(Clone, Default)]
pub(super) struct PackedTokenizer {
    token: EngineToken,
}

/// The tokens of one packed text.
pub(super) struct PackedStream<'a> {
    rest: &'a str,
    filled: usize,
    token: &'a mut EngineToken,
}

impl Tokenizer for PackedTokenizer {
    type TokenStream<'a> = PackedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PackedStream<'a> {
        self.token.reset();
        PackedStream { rest: text, filled: 0, token: &mut self.token }
    }
}

impl TokenStream for PackedStream<'_> {
    fn advance(&mut self) -> bool {
        loop {
            let mut chars = self.rest.chars();
            let Some(sign) = chars.next() else { return false };
            let body = chars.as_str();
            if sign == SKIP_POSITION {
                self.filled += 1;
                self.rest = body;
                continue;
            }
            if sign == NEXT_POSITION {
                self.filled += 1;
            }
            let end = body.find([SAME_POSITION, NEXT_POSITION, SKIP_POSITION]).unwrap_or(body.len());
            let (term, rest) = body.split_at(end);
            self.rest = rest;
            self.token.text.clear();
            self.token.text.push_str(term);
            self.token.position = self.filled.saturating_sub(1);
            return true;
        }
    }

    fn token(&self) -> &EngineToken {
        self.token
    }

    fn token_mut(&mut self) -> &mut EngineToken {
        self.token
    }
}

/// The document of a post.
pub(super) fn document_of(
    fields: &Fields,
    id: i64,
    text: &str,
    tokens: &Tokens,
    facts: &Facts,
    signature: Option<&[u8]>,
) -> TantivyDocument {
    let mut document = TantivyDocument::default();
    document.add_u64(fields.id, to_column(id));
    document.add_u64(fields.time, to_column(facts.time.millis()));
    document.add_u64(fields.facts, PackedFacts::of(facts).0);
    document.add_u64(fields.source, to_column(facts.source));
    for (field, value) in [
        (fields.tone_score, facts.tone_score.map(score_to_column)),
        (fields.followers, facts.followers),
        (fields.engagement, facts.engagement),
        (fields.cascade, facts.cascade.map(to_column)),
    ] {
        if let Some(value) = value {
            document.add_u64(field, value);
        }
    }
    if let Some(signature) = signature {
        document.add_bytes(fields.signature, signature);
    }
    document.add_text(fields.author, term_of(&facts.author));
    for (field, value) in
        [(fields.handle, &facts.handle), (fields.country, &facts.country), (fields.thread, &facts.thread)]
    {
        if let Some(value) = value {
            document.add_text(field, term_of(value));
        }
    }
    for (field, list) in [
        (fields.hashtag, &facts.hashtags),
        (fields.tagged, &facts.tagged),
        (fields.domain, &facts.domains),
        (fields.link, &facts.links),
    ] {
        for value in list {
            document.add_text(field, term_of(value));
        }
    }
    for host in &facts.domains {
        document.add_text(fields.host, term_of(host));
        for (dot, _) in host.match_indices('.') {
            document.add_text(fields.host, term_of(host.get(dot + 1..).unwrap_or_default()));
        }
    }
    if !tokens.is_empty() {
        document.add_text(fields.text, pack_tokens(text, tokens));
    }
    document
}
