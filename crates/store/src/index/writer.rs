//! The writing side of the index: adding, deleting, committing, emptying.

use super::ids::{IdSet, IdsQuery};
use super::open::{self, Opened};
use super::schema::{Fields, document_of};
use super::{IndexError, IndexReader};
use model::query::Facts;
use model::text::Tokens;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tantivy::indexer::{IndexWriterOptions, UserOperation};
use tantivy::merge_policy::{LogMergePolicy, NoMergePolicy};
use tantivy::{IndexWriter, TantivyDocument};

/// Threads that build segments.
pub const WRITER_THREADS: usize = 2;
/// Memory of all of them for posts not yet written to disk, bytes.
pub const WRITER_HEAP_BYTES: usize = 192 * 1024 * 1024;
/// Segments with more posts are left as they are: 5 M posts stay in several,
/// so that several cores can read them.
const MERGED_POSTS_MAX: usize = 300_000;
/// Segments up to this size count as equal: the small ones of live commits.
const SMALL_SEGMENT_POSTS: u32 = 10_000;
/// Segments of about one size that are merged together.
const MERGED_SEGMENTS: usize = 8;
/// Share of deleted posts at which a segment is rewritten.
const DELETED_RATIO_MAX: f32 = 0.2;
/// Longest signature of one post, bytes.
pub const SIGNATURE_BYTES_MAX: usize = 1_024;
/// Documents handed to the engine at a time.
const ADD_BATCH: usize = 256;

/// One post as it is indexed.
#[derive(Debug, Clone, Copy)]
pub struct IndexDocument<'a> {
    /// Its record id.
    pub id: i64,
    /// Its full text (see [`model::Post::full_text`]).
    pub text: &'a str,
    /// The tokens of that very text.
    pub tokens: &'a Tokens,
    /// Its facts.
    pub facts: &'a Facts,
    /// What its copies are found by, when it is long enough to have any; at most [`SIGNATURE_BYTES_MAX`].
    pub signature: Option<&'a [u8]>,
}

/// What [`Index::open`] found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenOutcome {
    /// An index in good order.
    Opened,
    /// An empty folder; the index is new and empty.
    Created,
    /// Something that could not be trusted; the folder was emptied and the
    /// index is new: every record has to be indexed again.
    Rebuilt {
        /// What was wrong.
        reason: String,
    },
}

/// The one writer of an index; reads go through [`IndexReader`], which this
/// derefs to. Methods may be called from several threads.
pub struct Index {
    dir: PathBuf,
    reader: IndexReader,
    engine: tantivy::Index,
    fields: Fields,
    inner: Mutex<Inner>,
}

struct Inner {
    /// `None` only after the engine failed to start again.
    writer: Option<IndexWriter>,
    /// Highest record id that the last commit holds.
    upto: i64,
    /// Highest record id ever added: greater ones need no deletion first.
    highest: i64,
}

impl Deref for Index {
    type Target = IndexReader;
    fn deref(&self) -> &IndexReader {
        &self.reader
    }
}

impl Index {
    /// Opens the index in a folder, which is made if need be. A folder that
    /// cannot be trusted (broken or missing files, another layout) is emptied.
    /// Cost: milliseconds; files are mapped, not read.
    ///
    /// # Errors
    /// [`IndexError::Locked`] when another process writes it (nothing is changed then);
    /// [`IndexError::Io`] when the folder cannot be used.
    pub fn open(dir: &Path) -> Result<(Self, OpenOutcome), IndexError> {
        std::fs::create_dir_all(dir)?;
        let empty = open::is_empty(dir)?;
        drop(open::lock(dir)?);
        let (opened, writer, outcome) = match open_for_writing(dir) {
            Ok((opened, writer)) => (opened, writer, OpenOutcome::Opened),
            Err(IndexError::Locked) => return Err(IndexError::Locked),
            Err(error) => {
                let opened = open::create(dir)?;
                let writer = start_writer(&opened.index)?;
                let outcome = if empty {
                    OpenOutcome::Created
                } else {
                    tracing::warn!(%error, "the index is built anew");
                    OpenOutcome::Rebuilt { reason: error.to_string() }
                };
                (opened, writer, outcome)
            }
        };
        let Opened { index, fields, reader, upto } = opened;
        let highest = reader.highest_id().max(upto);
        let inner = Mutex::new(Inner { writer: Some(writer), upto, highest });
        Ok((Self { dir: dir.to_owned(), reader, engine: index, fields, inner }, outcome))
    }

    /// The reading side, to be kept by others.
    pub fn reader(&self) -> IndexReader {
        self.reader.clone()
    }

    /// Adds posts; a post with the same record id is replaced. They are found
    /// after the next [`Self::commit`] and lost if that never comes. Cost:
    /// about 20 µs per post of 20 words, spent on [`WRITER_THREADS`] threads;
    /// waits when they lag behind.
    ///
    /// # Errors
    /// [`IndexError`] when the engine cannot write; the posts since the last commit are lost then.
    pub fn add(&self, documents: &[IndexDocument<'_>]) -> Result<(), IndexError> {
        let mut inner = self.inner();
        let known: Vec<i64> =
            documents.iter().map(|document| document.id).filter(|id| *id <= inner.highest).collect();
        if !known.is_empty() {
            delete_ids(inner.writer()?, &known)?;
        }
        // The later of two posts with one id in the same call wins.
        let mut last: Vec<(i64, usize)> =
            documents.iter().enumerate().map(|(at, document)| (document.id, at)).collect();
        last.sort_unstable();
        let twice = last.windows(2).any(|pair| matches!(pair, [(one, _), (other, _)] if one == other));
        let is_last = |at: usize, id: i64| {
            !twice
                || last.partition_point(|entry| *entry <= (id, at))
                    == last.partition_point(|(other, _)| *other <= id)
        };
        let mut batch = Vec::with_capacity(ADD_BATCH.min(documents.len()));
        for (at, document) in documents.iter().enumerate() {
            if !is_last(at, document.id) {
                continue;
            }
            inner.highest = inner.highest.max(document.id);
            let IndexDocument { id, text, tokens, facts, signature } = *document;
            batch.push(UserOperation::Add(document_of(&self.fields, id, text, tokens, facts, signature)));
            if batch.len() == ADD_BATCH {
                inner.writer()?.run(std::mem::take(&mut batch))?;
            }
        }
        if !batch.is_empty() {
            inner.writer()?.run(batch)?;
        }
        Ok(())
    }

    /// Deletes posts by record id; unknown ids are ignored. They are gone
    /// from answers after the next [`Self::commit`], from the disk after
    /// [`Self::purge`]. Cost: one scan of the id column per call, at the commit.
    ///
    /// # Errors
    /// [`IndexError`] when the engine cannot write.
    pub fn delete(&self, ids: &[i64]) -> Result<(), IndexError> {
        if ids.is_empty() {
            return Ok(());
        }
        delete_ids(self.inner().writer()?, ids)
    }

    /// Makes everything so far durable and visible, with the highest record id
    /// that is now in the index. Cost: tens of milliseconds and a segment or two.
    ///
    /// # Errors
    /// [`IndexError`] when the disk is full or fails; what was added since the
    /// last commit has to be added again.
    pub fn commit(&self, upto: i64) -> Result<(), IndexError> {
        let mut inner = self.inner();
        inner.commit(upto)?;
        self.reader.reload()
    }

    /// The `upto` of the last commit; 0 when there was none.
    pub fn committed_upto(&self) -> i64 {
        self.inner().upto
    }

    /// Forgets every post; [`Self::committed_upto`] is 0 afterwards.
    ///
    /// # Errors
    /// [`IndexError`] when the engine cannot write.
    pub fn wipe(&self) -> Result<(), IndexError> {
        let mut inner = self.inner();
        inner.writer()?.delete_all_documents()?;
        inner.highest = 0;
        inner.commit(0)?;
        self.reader.reload()?;
        inner.writer()?.garbage_collect_files().wait()?;
        Ok(())
    }

    /// Rewrites the segments that hold deleted posts, so that their words
    /// leave the disk. What was added or deleted before is committed with it,
    /// [`Self::committed_upto`] stays. Cost: as indexing these segments again, less the words.
    ///
    /// # Errors
    /// [`IndexError`] when the engine cannot write; deleted posts stay out of answers.
    pub fn purge(&self) -> Result<(), IndexError> {
        let mut inner = self.inner();
        let upto = inner.upto;
        inner.commit(upto)?;
        // No merge of the policy may hold a segment that has to be rewritten.
        if let Some(writer) = inner.writer.take() {
            writer.wait_merging_threads()?;
        }
        let mut writer = start_writer(&self.engine)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        for segment in self.engine.searchable_segment_metas()? {
            if segment.num_deleted_docs() > 0 {
                writer.merge(&[segment.id()]).wait()?;
            }
        }
        writer.set_merge_policy(Box::new(merge_policy()));
        inner.writer = Some(writer);
        self.reader.reload()?;
        inner.writer()?.garbage_collect_files().wait()?;
        Ok(())
    }

    /// Reads every file of the index and compares it with its checksum.
    /// Cost: one read of the whole index.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] with the files that differ.
    pub fn verify(&self) -> Result<(), IndexError> {
        let broken = self.engine.validate_checksum()?;
        if broken.is_empty() {
            return Ok(());
        }
        let names: Vec<String> = broken.iter().map(|path| path.display().to_string()).collect();
        Err(IndexError::Damaged(format!("checksum of {}", names.join(", "))))
    }

    /// The folder of the index.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // Nothing in it is left half changed by a panic of the engine's caller.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn writer(&mut self) -> Result<&mut IndexWriter, IndexError> {
        self.writer.as_mut().ok_or_else(|| IndexError::Engine("the writer has stopped".to_owned()))
    }

    fn commit(&mut self, upto: i64) -> Result<(), IndexError> {
        let mut prepared = self.writer()?.prepare_commit()?;
        prepared.set_payload(&upto.to_string());
        prepared.commit()?;
        self.upto = upto;
        self.highest = self.highest.max(upto);
        Ok(())
    }
}

fn open_for_writing(dir: &Path) -> Result<(Opened, IndexWriter), IndexError> {
    let opened = open::open_existing(dir)?;
    let writer = start_writer(&opened.index)?;
    Ok((opened, writer))
}

fn start_writer(index: &tantivy::Index) -> Result<IndexWriter, IndexError> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(WRITER_THREADS)
        .memory_budget_per_thread(WRITER_HEAP_BYTES / WRITER_THREADS)
        .num_merge_threads(1)
        .build();
    let writer: IndexWriter<TantivyDocument> = index.writer_with_options(options)?;
    writer.set_merge_policy(Box::new(merge_policy()));
    Ok(writer)
}

fn merge_policy() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(MERGED_SEGMENTS);
    policy.set_max_docs_before_merge(MERGED_POSTS_MAX);
    policy.set_min_layer_size(SMALL_SEGMENT_POSTS);
    policy.set_del_docs_ratio_before_merge(DELETED_RATIO_MAX);
    policy
}

fn delete_ids(writer: &IndexWriter, ids: &[i64]) -> Result<(), IndexError> {
    writer.delete_query(Box::new(IdsQuery(Arc::new(IdSet::new(ids)))))?;
    Ok(())
}
