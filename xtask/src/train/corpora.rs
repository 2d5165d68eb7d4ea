//! Reads the training packages as they come.
//!
//! In: a folder of unpacked packages. Out: [`Corpus`] per language.
//! Errors: a missing or unreadable file, with its name.

use anyhow::{Context, Result};
use flate2::read::GzDecoder;
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};

/// What is known of one language.
#[derive(Default)]
pub struct Corpus {
    /// Running text: sentences and short strings, each once.
    pub sentences: Vec<String>,
    /// Words with their share of running text.
    pub words: Vec<(String, f64)>,
    /// Function words.
    pub stopwords: Vec<String>,
    /// Words of the register of posts.
    pub register: Vec<String>,
}

type Corpora = BTreeMap<String, Corpus>;

/// Shorter strings (in bytes) say nothing.
const MIN_SENTENCE_BYTES: usize = 6;

/// Language codes and the names of their lingua packages.
const LINGUA: [(&str, &str); 43] = [
    ("sq", "albanian"),
    ("ar", "arabic"),
    ("eu", "basque"),
    ("be", "belarusian"),
    ("bg", "bulgarian"),
    ("ca", "catalan"),
    ("hr", "croatian"),
    ("cs", "czech"),
    ("da", "danish"),
    ("nl", "dutch"),
    ("en", "english"),
    ("et", "estonian"),
    ("fi", "finnish"),
    ("fr", "french"),
    ("de", "german"),
    ("hi", "hindi"),
    ("hu", "hungarian"),
    ("is", "icelandic"),
    ("id", "indonesian"),
    ("it", "italian"),
    ("lv", "latvian"),
    ("lt", "lithuanian"),
    ("mk", "macedonian"),
    ("mr", "marathi"),
    ("no", "bokmal"),
    ("no", "nynorsk"),
    ("fa", "persian"),
    ("pl", "polish"),
    ("pt", "portuguese"),
    ("ro", "romanian"),
    ("ru", "russian"),
    ("sr", "serbian"),
    ("sk", "slovak"),
    ("sl", "slovene"),
    ("es", "spanish"),
    ("sw", "swahili"),
    ("sv", "swedish"),
    ("tl", "tagalog"),
    ("tr", "turkish"),
    ("uk", "ukrainian"),
    ("ur", "urdu"),
    ("vi", "vietnamese"),
    ("cy", "welsh"),
];

/// Parts of the Home Assistant strings that are sentences.
const HOME_PARTS: [&str; 6] = ["", "config", "lovelace", "page-onboarding", "profile", "developer-tools"];

/// Subtitles: language and file.
const XED: [(&str, &str); 4] = [
    ("es", "es-projections.tsv"),
    ("pt", "pt-projections.tsv"),
    ("en", "en-annotated.tsv"),
    ("en", "neu_en.txt"),
];

/// Reads every package below `root` for `languages`.
///
/// # Errors
/// A file is missing or is not what its name says.
pub fn read(root: &Path, register: &str, languages: &[&str]) -> Result<Corpora> {
    let mut corpora: Corpora =
        languages.iter().map(|language| ((*language).to_owned(), Corpus::default())).collect();
    read_lingua(root, &mut corpora)?;
    read_strings(&root.join("matrix-react-sdk/src/i18n/strings"), None, &mut corpora)?;
    for part in HOME_PARTS {
        read_strings(&root.join("hass_frontend/static/translations").join(part), Some('-'), &mut corpora)?;
    }
    read_topwords(&root.join("langidentify/models/lite"), &mut corpora)?;
    read_stopwords(&root.join("stopwords-iso/stopwords-iso.json"), &mut corpora)?;
    read_register(register, &mut corpora);
    for (language, file) in XED {
        let Some(corpus) = corpora.get_mut(language) else { continue };
        let text = read_text(&root.join("xed").join(file))?;
        corpus.sentences.extend(text.lines().map(|line| subtitle_of(line).to_owned()));
    }
    for corpus in corpora.values_mut() {
        let mut seen = HashSet::new();
        corpus.sentences.retain(|s| s.len() >= MIN_SENTENCE_BYTES && seen.insert(s.clone()));
        if corpus.words.is_empty() {
            corpus.words = count_words(&corpus.sentences);
        }
    }
    Ok(corpora)
}

fn read_text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

fn read_json(path: &Path) -> Result<Value> {
    serde_json::from_str(&read_text(path)?).with_context(|| format!("reading {}", path.display()))
}

fn read_lingua(root: &Path, corpora: &mut Corpora) -> Result<()> {
    for (language, name) in LINGUA {
        let Some(corpus) = corpora.get_mut(language) else { continue };
        let folder = root.join(format!("lingua/vendor/lingua-{name}-language-model/testdata"));
        for file in ["sentences.txt", "word-pairs.txt"] {
            corpus.sentences.extend(read_text(&folder.join(file))?.lines().map(str::to_owned));
        }
    }
    Ok(())
}

/// Reads translations, one JSON file per language; a string that equals one of
/// the English file, or its own key, is not translated and is left out.
fn read_strings(folder: &Path, before_hash: Option<char>, corpora: &mut Corpora) -> Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "json"));
    files.sort();
    let mut english = HashSet::new();
    for file in files.iter().filter(|file| language_of(file, before_hash) == "en") {
        english.extend(strings_of(file)?.into_values());
    }
    for file in &files {
        let language = language_of(file, before_hash);
        let Some(corpus) = corpora.get_mut(&language) else { continue };
        for (key, value) in strings_of(file)? {
            if language != "en" && (english.contains(&value) || key == value) {
                continue;
            }
            let parts = value.split(['\n', '|']).map(without_placeholders);
            corpus.sentences.extend(parts.filter(|part| part.split_whitespace().count() >= 2));
        }
    }
    Ok(())
}

/// The language a file name tells; empty for Serbian in Latin letters and for
/// British English, which repeats the American.
fn language_of(file: &Path, before_hash: Option<char>) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let stem = before_hash.and_then(|c| stem.rsplit_once(c)).map_or(stem.as_str(), |(code, _)| code);
    if stem.contains("Latn") || stem == "en-GB" {
        return String::new();
    }
    match stem.split(['-', '_']).next().unwrap_or_default() {
        "nb" | "nn" => "no".to_owned(),
        language => language.to_owned(),
    }
}

fn strings_of(file: &Path) -> Result<BTreeMap<String, String>> {
    let mut strings = BTreeMap::new();
    collect_strings(String::new(), read_json(file)?, &mut strings);
    Ok(strings)
}

fn collect_strings(key: String, value: Value, strings: &mut BTreeMap<String, String>) {
    match value {
        Value::String(text) => drop(strings.insert(key, text)),
        Value::Object(fields) => {
            for (name, field) in fields {
                let path = if key.is_empty() { name } else { format!("{key}/{name}") };
                collect_strings(path, field, strings);
            }
        }
        _ => {}
    }
}

/// Text without `{name}`, `<b>` and `%(name)s`.
fn without_placeholders(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0_u32;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' | '<' => depth += 1,
            '}' | '>' => depth = depth.saturating_sub(1),
            '%' if chars.peek() == Some(&'(') => {
                while chars.next().is_some_and(|inner| inner != ')') {}
                chars.next();
            }
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out.trim().to_owned()
}

/// Lines `word logarithm-of-share`, gzipped.
fn read_topwords(folder: &Path, corpora: &mut Corpora) -> Result<()> {
    for (language, corpus) in corpora.iter_mut() {
        let path = folder.join(format!("topwords-{language}.txt.gz"));
        // Galician and Marathi have none; their words are counted instead.
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let mut text = String::new();
        GzDecoder::new(bytes.as_slice())
            .read_to_string(&mut text)
            .with_context(|| path.display().to_string())?;
        let pairs =
            text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit_once(' '));
        corpus.words =
            pairs.filter_map(|(word, log)| Some((word.to_owned(), log.parse::<f64>().ok()?.exp()))).collect();
    }
    Ok(())
}

fn read_stopwords(path: &Path, corpora: &mut Corpora) -> Result<()> {
    let lists = read_json(path)?;
    for (language, corpus) in corpora {
        let words = lists.get(language).and_then(Value::as_array).into_iter().flatten();
        corpus.stopwords = words.filter_map(Value::as_str).map(str::to_owned).collect();
    }
    Ok(())
}

fn read_register(register: &str, corpora: &mut Corpora) {
    for line in register.lines().filter(|line| !line.starts_with("//")) {
        let Some((language, words)) = line.split_once('\t') else { continue };
        if let Some(corpus) = corpora.get_mut(language) {
            corpus.register = words.split(',').map(|word| word.trim().to_owned()).collect();
        }
    }
}

/// The text of `text⇥labels` or `label⇥text`.
fn subtitle_of(line: &str) -> &str {
    match line.split_once('\t') {
        Some((label, text)) if label.len() <= 1 => text,
        Some((text, _)) => text,
        None => line,
    }
}

fn count_words(sentences: &[String]) -> Vec<(String, f64)> {
    let mut counts: BTreeMap<String, f64> = BTreeMap::new();
    for word in sentences.iter().flat_map(|sentence| sentence.split_whitespace()) {
        let word = word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        if !word.is_empty() {
            *counts.entry(word).or_default() += 1.0;
        }
    }
    let total: f64 = counts.values().sum();
    counts.into_iter().map(|(word, times)| (word, times / total)).collect()
}
