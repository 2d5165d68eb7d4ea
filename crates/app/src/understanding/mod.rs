//! What mentions say, want and repeat: cascades of copies, topics and
//! questions, pictures, scam signs and what the team taught.
//!
//! Most of it is an `impl` of [`crate::listening::Workspace`], a file per use case.

mod cascades;
mod copyfile;
mod corrections;
mod outcome;
mod pictures;
mod proposals;
mod questions;
mod reading;
mod scam;
mod topics;
#[cfg(test)]
mod topics_tests;

pub use analysis::images::{BYTES_MAX as PICTURE_FILE_BYTES_MAX, PictureError};
pub use cascades::{
    CASCADES_MAX, CascadePage, CascadeView, Change, FirstAppearance, MEMBERS_MAX, Mutation, SeenBefore, Speed,
};
pub use copyfile::{
    CopiesOfFile, CopyFileOptions, CopyGroup, FileFragment, MEMBERS_LISTED_MAX, TEXTS_COMPARED, find_copies,
};
pub(crate) use corrections::Taught;
pub use corrections::{CorrectionView, HeadReport, LearningReport, parse_correction};
pub use outcome::{JUDGED_MIN, Outcome};
pub(crate) use pictures::KnownPictures;
pub use pictures::{
    APPEARANCES_MAX, FetchRound, Judged, PictureAppearance, PictureCheck, PictureCounts, PictureFiles,
    PictureGroup, PictureMember, PictureSeen, ROUND_PICTURES, VARIANTS_FILES_MAX, WAITING_MAX, run_pictures,
    transformation,
};
pub use proposals::{PROPOSALS, Proposal, Worth};
pub use questions::{
    ANSWER_CHARS_MAX, ANSWERS_MAX, AnswerDraft, FrequentAnswer, GROUPS_MAX, QUESTION_CHARS_MAX,
    QUESTIONS_READ_MAX, QuestionGroupView, QuestionsView, WORDINGS_MAX,
};
pub(crate) use reading::targets_of;
pub use reading::{Answer, Reading, TargetReading, UrgencyNote};
pub use scam::{MESSAGE_CHARS_MAX, ScamCheck, SignView, check_message};
pub(crate) use topics::TopicAnswers;
pub use topics::{POSTS_MIN, READ_MAX, TooLittle, TopicView, TopicsView};
