# Topics and questions: what people talk about now and did not before, and what they ask.
topics-title = Topics and questions
topics-lead = What people talk about now and did not before, and what they keep asking.
topics-now = What people talk about now
topics-span = From { $from } to { $to }, compared with the time before, four times as long.
topics-read = { $of ->
    [0] There are no posts in these dates.
    *[other] We read { $read } of { $of } posts of these dates
}
topics-read-before = { $of ->
    [0] and none from before.
    *[other] and { $read } of { $of } from before, drawn by lot.
}
topics-method = A topic needs several people and several texts: a chain message or a single account is not enough. The figures count every post, without reshares.
topics-too-little = Not enough data to compare
topics-too-little-now = At least { $count } posts in these dates are needed. Choose a longer period or fewer filters.
topics-too-little-before = At least { $count } posts from before these dates are needed to know what is new. Choose a shorter period, or wait for more history.
topics-open-explorer = Open the explorer
topics-none = Nothing new
topics-none-text = People talk about the usual: no word stands out. That is an answer, not a fault.
topics-posts = Posts
topics-growth-name = Against the usual
topics-growth = { $times } times as present
topics-growth-new = Not there before
topics-share = Of all that is said
topics-who = Who (in what was read)
topics-authors = { $count ->
    [one] { $count } account
    *[other] { $count } accounts
}
topics-tones = Tone:
topics-tone = { $tone }: { $count }
topics-words = Words of the topic:
topics-examples = Examples
topics-questions = What people keep asking
topics-questions-none = No question is repeated
topics-questions-none-text = At least two people have to ask the same in these dates.
topics-questions-read = { $of ->
    [0] There are no posts with questions in these dates.
    *[other] We read { $read } of { $of } posts with questions.
}
topics-questions-method = When in doubt they stay apart: two groups may ask the same. The figure counts the posts with these very wordings.
topics-questions-more = { $count ->
    [one] There is { $count } more group, asked less often.
    *[other] There are { $count } more groups, asked less often.
}
topics-all-answers = Frequent answers
topics-answered = There is an answer:
topics-new-answer = Create a frequent answer
topics-wordings = Ways of asking it:
