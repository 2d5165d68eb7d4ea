//! Numbers of rules as data: what was measured, and what the rule asks of it.
//!
//! In: counts. Out: [`Measured`] values, their [`Verdict`], [`Interval`]s of
//! shares. A number that is not known is not known: it never becomes zero, and
//! never lets a rule hold. Cost: none to speak of.
//! Source: Wilson 1927 for the interval of a share.

macro_rules! facts {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// What a number is; its name is the word of files, the API and locale keys.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fact { $($(#[$doc])* $variant,)* }

        impl Fact {
            /// Every fact.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word used in files, the API and locale keys.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

facts! {
    /// Members that take part.
    MembersTakingPart = "members_taking_part";
    /// Replies and mentions counted.
    Replies = "replies";
    /// Share of them to the chosen targets.
    ShareToTargets = "share_to_targets";
    /// Insults and threats among the judged replies to the targets.
    Insults = "insults";
    /// Their rate as a multiple of the topic's.
    InsultRatio = "insult_ratio";
    /// Lower end of the 95 % interval of their rate; asked to exceed the topic's rate.
    InsultRateLow = "insult_rate_low";
    /// Logarithm of the chance of such timing of the replies.
    ReplyTimingLnP = "reply_timing_ln_p";
    /// Answers of the targets per reply to them.
    AnswersPerReply = "answers_per_reply";
    /// Reshares and reactions counted.
    Reshares = "reshares";
    /// Share of them to the chosen patrons.
    ShareToPatrons = "share_to_patrons";
    /// Logarithm of the chance of such timing on the patrons' posts.
    ReshareTimingLnP = "reshare_timing_ln_p";
    /// Amplification counted once per group, over the count of accounts.
    CollapsedAudience = "collapsed_audience";
    /// Different messages that several members carried.
    MessagesCarried = "messages_carried";
    /// Posts counted.
    Posts = "posts";
    /// Share of the posts that carry them.
    ShareCarrying = "share_carrying";
    /// Logarithm of the chance of such joint carrying.
    MessageLnP = "message_ln_p";
    /// Different sources of the messages.
    Sources = "sources";
    /// Accounts followed, counted once per follower.
    Follows = "follows";
    /// Concentration of the follows over communities, Gini 0…1.
    FollowGini = "follow_gini";
    /// Median of the members' own posts ever.
    OwnPostsMedian = "own_posts_median";
    /// Median of the members' own posts for each account that they followed.
    OwnPostsPerFollow = "own_posts_per_follow";
    /// Share of the pairs of members that follow each other.
    MutualLinks = "mutual_links";
    /// Logarithm of the chance of such joint creation or return.
    ArrivalLnP = "arrival_ln_p";
    /// Traces of different kinds.
    TraceKinds = "trace_kinds";
    /// Chance of the confirmation on data that did not suggest the group.
    ConfirmationP = "confirmation_p";
    /// Signs in the accounts themselves.
    IdentitySigns = "identity_signs";
    /// Organic accounts on the same objects in the same moments, per member.
    OrganicPerMember = "organic_per_member";
    /// Share of the members that declare themselves outlets or automated.
    DeclaredShare = "declared_share";
    /// Share of the links to one domain.
    OneDomainShare = "one_domain_share";
    /// Share of the messages with words of a call, petition or strike.
    CallWordsShare = "call_words_share";
    /// Organic accounts that carry the same messages, per member.
    OrganicCarriers = "organic_carriers";
    /// Share of the messages with words of a raffle.
    RaffleWordsShare = "raffle_words_share";
    /// Volume of the topic then, as a multiple of its usual one.
    TopicVolumeRatio = "topic_volume_ratio";
    /// Share of the joint actions in the hours of one broadcast.
    BroadcastShare = "broadcast_share";
    /// Share of the members with a life of their own outside the joint actions.
    OwnLifeShare = "own_life_share";
    /// Letters of the handle as unlikely as random ones, nats per letter.
    HandleSurprise = "handle_surprise";
    /// Digits at the end of the handle.
    HandleDigits = "handle_digits";
    /// Age of the account, days.
    AgeDays = "age_days";
    /// Without a picture of its own: 1, with: 0.
    DefaultAvatar = "default_avatar";
    /// Other accounts with the same picture.
    AvatarTwins = "avatar_twins";
    /// Accounts followed per follower.
    FollowingPerFollower = "following_per_follower";
    /// Posts per day of life.
    PostsPerDay = "posts_per_day";
    /// Entropy of the intervals between actions, 0…1 of the highest.
    IntervalEntropy = "interval_entropy";
    /// Longest quiet span of the day over all days, hours.
    QuietHours = "quiet_hours";
    /// Actions behind a sign.
    Actions = "actions";
    /// Days that the actions span.
    DaysSpanned = "days_spanned";
    /// Share of the actions in the commonest second of the minute.
    SameSecondShare = "same_second_share";
    /// That share over the crowd's.
    SameSecondRatio = "same_second_ratio";
    /// Share of the members of the earlier or the present group that are in both.
    SameMembers = "same_members";
    /// The same of shared objects.
    SameObjects = "same_objects";
    /// The same of look-alike names.
    SameNames = "same_names";
    /// The same of patrons and targets.
    SameAims = "same_aims";
}

/// What a rule asks of a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Needs {
    /// This or more.
    AtLeast(f64),
    /// This or less.
    AtMost(f64),
    /// Nothing: shown for the reader.
    Nothing,
}

/// A number beside its limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// What it is.
    pub fact: Fact,
    /// The number; `None` when it is not known.
    pub value: Option<f64>,
    /// What the rule asks of it.
    pub needs: Needs,
}

impl Measured {
    /// A number that must reach a limit.
    pub fn at_least(fact: Fact, value: Option<f64>, limit: f64) -> Self {
        Self { fact, value: known(value), needs: Needs::AtLeast(limit) }
    }

    /// A number that must not pass a limit.
    pub fn at_most(fact: Fact, value: Option<f64>, limit: f64) -> Self {
        Self { fact, value: known(value), needs: Needs::AtMost(limit) }
    }

    /// A number without a limit.
    pub fn shown(fact: Fact, value: Option<f64>) -> Self {
        Self { fact, value: known(value), needs: Needs::Nothing }
    }

    /// Whether it is as the rule asks; `None` when it is not known. A number
    /// without a limit is always as asked.
    pub fn is_met(&self) -> Option<bool> {
        match self.needs {
            Needs::AtLeast(limit) => self.value.map(|value| value >= limit),
            Needs::AtMost(limit) => self.value.map(|value| value <= limit),
            Needs::Nothing => Some(true),
        }
    }
}

/// What is no number is not known.
fn known(value: Option<f64>) -> Option<f64> {
    value.filter(|value| !value.is_nan())
}

/// What the numbers of a rule say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Every number is as asked.
    Holds,
    /// None speaks against it, but some are not known.
    NotKnown,
    /// At least one number is not as asked.
    Fails,
}

impl Verdict {
    /// The word used in files, the API and locale keys.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::NotKnown => "not_known",
            Self::Fails => "fails",
        }
    }

    /// The verdict of some numbers; of none, that it is not known.
    pub fn of(numbers: &[Measured]) -> Self {
        let met = || numbers.iter().map(Measured::is_met);
        if met().any(|met| met == Some(false)) {
            Self::Fails
        } else if numbers.is_empty() || met().any(|met| met.is_none()) {
            Self::NotKnown
        } else {
            Self::Holds
        }
    }
}

/// A share with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The share, 0…1.
    pub share: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Quantile of the normal distribution for 95 % between both ends.
pub(super) const Z_95: f64 = 1.959_964;

impl Interval {
    /// Wilson's interval of `count` among `of`; `None` of nothing. Both may be
    /// fractions (effective numbers).
    pub fn wilson(count: f64, of: f64) -> Option<Self> {
        // Written so that what is no number gives nothing as well.
        if !(of > 0.0 && (0.0..=of).contains(&count)) {
            return None;
        }
        let share = count / of;
        let square = Z_95 * Z_95;
        let middle = (share + square / (2.0 * of)) / (1.0 + square / of);
        let half =
            Z_95 * (share * (1.0 - share) / of + square / (4.0 * of * of)).sqrt() / (1.0 + square / of);
        Some(Self { share, low: (middle - half).clamp(0.0, share), high: (middle + half).clamp(share, 1.0) })
    }
}

/// The share of a part; `None` of nothing.
pub(super) fn share_of(part: u32, of: u32) -> Option<f64> {
    (of > 0).then(|| f64::from(part) / f64::from(of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_is_never_zero() {
        let missing = Measured::at_most(Fact::Posts, None, 3.0);
        assert_eq!(missing.is_met(), None);
        assert_eq!(Verdict::of(&[missing]), Verdict::NotKnown);
        assert_eq!(Measured::at_most(Fact::Posts, Some(f64::NAN), 3.0).value, None);
        let failed = Measured::at_least(Fact::Posts, Some(2.0), 3.0);
        assert_eq!(Verdict::of(&[missing, failed]), Verdict::Fails);
        assert_eq!(Verdict::of(&[]), Verdict::NotKnown);
        assert_eq!(Verdict::of(&[Measured::at_least(Fact::Posts, Some(3.0), 3.0)]), Verdict::Holds);
    }

    #[test]
    fn wilson_as_published() {
        // Newcombe 1998, table I: 81 of 263 and 0 of 20.
        let interval = Interval::wilson(81.0, 263.0).unwrap();
        assert!(
            (interval.low - 0.2553).abs() < 1e-4 && (interval.high - 0.3662).abs() < 1e-4,
            "{interval:?}"
        );
        let none = Interval::wilson(0.0, 20.0).unwrap();
        assert!(none.low == 0.0 && (none.high - 0.1611).abs() < 1e-4, "{none:?}");
        assert_eq!(Interval::wilson(0.0, 0.0), None);
        assert_eq!(Interval::wilson(3.0, 2.0), None);
    }

    #[test]
    fn names_are_different_words() {
        let mut names: Vec<_> = Fact::ALL.iter().map(|fact| fact.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Fact::ALL.len());
    }
}
