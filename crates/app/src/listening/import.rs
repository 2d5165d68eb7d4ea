//! Files into a workspace: read, decode, derive and write at the same time.
//!
//! In: a file (plain, gz, zst) or standard input. Out: records and a report.
//! One thread reads and splits, the workers decode and derive, the caller's
//! thread writes in the order of the file, so that an interrupted import
//! resumes after the last line that is durable. Importing twice changes nothing.
//! Labels that rows of a table bring are put on their posts, named in the audit.
//! Errors: [`AppError`]; lines that cannot be read are rejects, not errors.
//! Limits: [`CHUNK_ITEMS`], [`CHUNK_BYTES`], [`QUEUE_CHUNKS`].

use super::explore::LABEL_CHARS_MAX;
use super::ingest::{IngestCounts, PreparedBatch};
use super::workspace::Workspace;
use crate::{Actor, AppError};
use model::listening::Keep;
use model::{Permission, Reject, Timestamp};
use networks::Mapped;
use networks::import::{Decoder, ImportOptions, Items, RawItem};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use store::archive::{ImportProgress, ImportRun, IncomingLabel, NewImport, Origin};

/// Items handed to a worker at once.
const CHUNK_ITEMS: usize = 2_000;
/// Bytes of items after which a chunk is full.
const CHUNK_BYTES: usize = 4 * 1024 * 1024;
/// Items after which a transaction takes no further chunk.
const TRANSACTION_ITEMS: usize = 16_000;
/// Chunks that wait between two threads.
const QUEUE_CHUNKS: usize = 4;
/// Labels of one import that the audit names.
const LABEL_NAMES_NOTED: usize = 50;
/// Bytes at the start of a file that tell it from others, with its name and size.
const HEAD_BYTES: u64 = 64 * 1024;

/// What to import.
pub struct ImportSource {
    /// Its name, for the list.
    pub name: String,
    /// Its size in bytes, if known.
    pub size_bytes: Option<u64>,
    /// Its content.
    pub input: Box<dyn Read + Send>,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, Default, serde::Serialize)]
pub struct ImportProgressView {
    /// Number of the import.
    pub id: i64,
    /// Bytes of the file (as it lies on disk) that are read and durable.
    pub read_bytes: u64,
    /// Size of the file, if known.
    pub size_bytes: Option<u64>,
    /// What became of the items so far.
    pub counts: IngestCounts,
}

/// Items with their place in the order of chunks.
struct Chunk {
    ordinal: u64,
    items: Vec<RawItem>,
    rejects: Vec<Reject>,
    last_line: u64,
    read_bytes: u64,
}

/// A chunk ready to be written.
struct Decoded {
    batch: PreparedBatch,
    labels: Vec<IncomingLabel>,
}

/// The labels that an import put.
#[derive(Default)]
struct LabelsSeen {
    put: usize,
    refused: usize,
    names: BTreeSet<String>,
}

impl LabelsSeen {
    /// Remembers the first names that can be labels.
    fn name(&mut self, labels: Vec<IncomingLabel>) {
        for label in labels {
            if self.names.len() >= LABEL_NAMES_NOTED {
                return;
            }
            if label.text.chars().count() <= LABEL_CHARS_MAX {
                self.names.insert(label.text);
            }
        }
    }
}

impl Workspace {
    /// Imports a file to its end. `progress` is called at the start and after each durable batch;
    /// `stop` interrupts between batches.
    ///
    /// # Errors
    /// [`AppError::Interrupted`] when `stop` was set (the import resumes when
    /// started again), [`AppError::Import`] when the file cannot be read.
    pub fn import(
        &self,
        actor: &Actor,
        mut source: ImportSource,
        options: &ImportOptions,
        stop: &AtomicBool,
        progress: &mut dyn FnMut(&ImportProgressView),
    ) -> Result<(ImportRun, IngestCounts), AppError> {
        actor.require(Permission::EditSources)?;
        let (head, head_hash) = read_head(&mut source)?;
        let input = Box::new(Cursor::new(head).chain(source.input));
        let (decoder, items) = networks::import::open(&source.name, input, options)?;
        let new = NewImport { name: &source.name, size_bytes: source.size_bytes, head_hash };
        let now = self.settings().now();
        let run = self.archive().begin_import(&new, now)?;
        if run.progress.line == 0 {
            let details = serde_json::json!({"import": run.id, "file": source.name});
            self.archive().record_audit(actor.user, "import", &details, now)?;
        }
        self.set_bulk(true);
        let mut labels = LabelsSeen::default();
        let outcome = self.import_items(actor, &run, decoder, items, stop, progress, &mut labels);
        self.set_bulk(false);
        let noted = self.note_labels(actor, &run, &labels);
        let flushed = self.flush();
        let at = self.settings().now();
        match outcome.and_then(|counts| flushed.and(noted).map(|()| counts)) {
            Ok(counts) => {
                self.archive().finish_import(run.id, at)?;
                Ok((self.archive().load_import(run.id)?, counts))
            }
            Err(error) => {
                self.archive().interrupt_import(run.id, at)?;
                Err(error)
            }
        }
    }

    /// Names the labels of an import in the audit.
    fn note_labels(&self, actor: &Actor, run: &ImportRun, labels: &LabelsSeen) -> Result<(), AppError> {
        if labels.put == 0 && labels.refused == 0 {
            return Ok(());
        }
        let names: Vec<&str> = labels.names.iter().map(String::as_str).collect();
        let details = serde_json::json!({
            "import": run.id,
            "labels": labels.put,
            "refused": labels.refused,
            "names": names.join(", "),
        });
        Ok(self.archive().record_audit(actor.user, "labels_imported", &details, self.settings().now())?)
    }

    #[allow(clippy::too_many_arguments)]
    fn import_items(
        &self,
        actor: &Actor,
        run: &ImportRun,
        decoder: Decoder,
        items: Items,
        stop: &AtomicBool,
        progress: &mut dyn FnMut(&ImportProgressView),
        labels: &mut LabelsSeen,
    ) -> Result<IngestCounts, AppError> {
        let origin = Origin::Import(run.id);
        let fetched_at = self.settings().now();
        let (to_workers, from_reader) = sync_channel::<Chunk>(QUEUE_CHUNKS);
        let (to_writer, from_workers) = sync_channel(QUEUE_CHUNKS);
        let from_reader = Mutex::new(from_reader);
        std::thread::scope(|scope| {
            // Owned here, so that an early return closes every channel and the threads end.
            let from_workers: Receiver<(u64, Result<Decoded, AppError>)> = from_workers;
            scope.spawn(|| split(items, run.progress.line, to_workers, stop));
            for _ in 0..self.settings().threads.max(1) {
                let (to_writer, decoder, from_reader) = (to_writer.clone(), decoder.clone(), &from_reader);
                scope
                    .spawn(move || self.decode_chunks(&decoder, from_reader, &to_writer, origin, fetched_at));
            }
            drop(to_writer);
            self.write_in_order(actor, run, &from_workers, stop, progress, labels)
        })
    }

    /// A worker: chunks to prepared batches until there are no more.
    fn decode_chunks(
        &self,
        decoder: &Decoder,
        from_reader: &Mutex<Receiver<Chunk>>,
        to_writer: &SyncSender<(u64, Result<Decoded, AppError>)>,
        origin: Origin,
        fetched_at: Timestamp,
    ) {
        loop {
            let next = from_reader.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(chunk) = next else { return };
            let ordinal = chunk.ordinal;
            let batch = self.decode_chunk(decoder, chunk, origin, fetched_at);
            if to_writer.send((ordinal, batch)).is_err() {
                return;
            }
        }
    }

    fn decode_chunk(
        &self,
        decoder: &Decoder,
        chunk: Chunk,
        origin: Origin,
        fetched_at: Timestamp,
    ) -> Result<Decoded, AppError> {
        let mut labels = Vec::new();
        let mut records = Vec::with_capacity(chunk.items.len());
        let mut rejects = chunk.rejects;
        for item in &chunk.items {
            for outcome in decoder.decode(item, fetched_at) {
                match outcome {
                    Ok((raw, post)) => {
                        let texts = networks::table::labels_of(&raw);
                        if !texts.is_empty() {
                            let (key, body_hash) = (raw.key(), raw.body_hash());
                            labels.extend(texts.into_iter().map(|text| IncomingLabel {
                                key,
                                body_hash,
                                text,
                            }));
                        }
                        records.push((raw, Mapped::Post(Box::new(post))));
                    }
                    Err(reject) => rejects.push(reject),
                }
            }
        }
        rejects.sort_by_key(|reject| reject.line);
        let mut batch = self.prepare(records, origin, Keep::All)?;
        batch.rejects = rejects;
        batch.progress = Some(ImportProgress { line: chunk.last_line, read_bytes: chunk.read_bytes });
        Ok(Decoded { batch, labels })
    }

    /// Applies batches in the order of the file.
    fn write_in_order(
        &self,
        actor: &Actor,
        run: &ImportRun,
        from_workers: &Receiver<(u64, Result<Decoded, AppError>)>,
        stop: &AtomicBool,
        progress: &mut dyn FnMut(&ImportProgressView),
        seen: &mut LabelsSeen,
    ) -> Result<IngestCounts, AppError> {
        let origin = Origin::Import(run.id);
        let mut view =
            ImportProgressView { id: run.id, size_bytes: run.size_bytes, ..ImportProgressView::default() };
        progress(&view);
        let mut early = BTreeMap::new();
        let mut next = 0;
        while let Ok((ordinal, batch)) = from_workers.recv() {
            early.insert(ordinal, batch);
            early.extend(from_workers.try_iter());
            while let Some(batch) = early.remove(&next) {
                next += 1;
                let Decoded { mut batch, mut labels } = batch?;
                // Few large transactions: their fsync and index pages are shared.
                while batch.items.len() < TRANSACTION_ITEMS
                    && let Some(more) = early.remove(&next)
                {
                    next += 1;
                    let more = more?;
                    batch.append(more.batch);
                    labels.extend(more.labels);
                }
                let read_bytes = batch.progress.map_or(0, |progress| progress.read_bytes);
                let put = self.archive().label_incoming(&labels, actor.user, self.settings().now())?;
                let counts = self.apply(batch, origin)?;
                let removed = self.archive().remove_labels_without_record(&labels)?;
                seen.put += put.put.saturating_sub(removed);
                seen.refused += put.refused;
                seen.name(labels);
                self.settings().mark("between_import_batches");
                view.counts.add(&counts);
                view.read_bytes = read_bytes;
                progress(&view);
                if stop.load(Ordering::Relaxed) {
                    return Err(AppError::Interrupted);
                }
            }
        }
        if stop.load(Ordering::Relaxed) { Err(AppError::Interrupted) } else { Ok(view.counts) }
    }

    /// The imports of this workspace, newest first.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_imports(&self, actor: &Actor, limit: usize) -> Result<Vec<ImportRun>, AppError> {
        actor.require(Permission::Read)?;
        Ok(self.archive().list_imports(limit)?)
    }

    /// Rejected items, newest first, of one origin or all.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub fn list_rejects(
        &self,
        actor: &Actor,
        origin: Option<Origin>,
        before_id: Option<i64>,
        limit: usize,
    ) -> Result<Vec<store::archive::StoredReject>, AppError> {
        actor.require(Permission::EditSources)?;
        Ok(self.archive().list_rejects(origin, before_id, limit)?)
    }
}

/// Reads the start of the file and its hash.
fn read_head(source: &mut ImportSource) -> Result<(Vec<u8>, [u8; 16]), AppError> {
    let mut head = Vec::new();
    source
        .input
        .by_ref()
        .take(HEAD_BYTES)
        .read_to_end(&mut head)
        .map_err(|error| AppError::File { path: source.name.clone(), error })?;
    let digest = Sha256::digest(&head);
    let mut hash = [0; 16];
    hash.iter_mut().zip(digest.as_slice()).for_each(|(to, from)| *to = *from);
    Ok((head, hash))
}

/// Splits a file into chunks, leaving out the lines that are durable already.
fn split(items: Items, done_line: u64, to_workers: SyncSender<Chunk>, stop: &AtomicBool) {
    let empty =
        |ordinal| Chunk { ordinal, items: Vec::new(), rejects: Vec::new(), last_line: 0, read_bytes: 0 };
    let mut chunk = empty(0);
    let mut bytes = 0;
    for item in items {
        let line = match &item {
            Ok(item) => item.line,
            Err(reject) => reject.line,
        };
        if line <= done_line {
            continue;
        }
        chunk.last_line = line;
        match item {
            Ok(item) => {
                bytes += item.bytes.len();
                chunk.read_bytes = item.read_bytes;
                chunk.items.push(item);
            }
            Err(reject) => chunk.rejects.push(reject),
        }
        if chunk.items.len() + chunk.rejects.len() >= CHUNK_ITEMS || bytes >= CHUNK_BYTES {
            let next = empty(chunk.ordinal + 1);
            if stop.load(Ordering::Relaxed) || to_workers.send(std::mem::replace(&mut chunk, next)).is_err() {
                return;
            }
            bytes = 0;
        }
    }
    if !chunk.items.is_empty() || !chunk.rejects.is_empty() {
        // The writer is gone only after an error that it reports itself.
        let _ = to_workers.send(chunk);
    }
}
