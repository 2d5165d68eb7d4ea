# "Teach": the team's corrections, their effect, and what is most worth a label.
learning-title = Teach
learning-lead = Each correction changes the post at once and adjusts the method for those that come later.
learning-proposals = Those that teach most
learning-proposals-hint = Twenty mentions that the method is unsure of and that are unlike each other; two are drawn at random so that the measure is fair. One click is enough.
learning-no-proposals = There is nothing to ask
learning-no-proposals-text = You have answered everything, or there are no posts yet that the method can read.
learning-more = See the post and correct the rest
worth-unsure = The method is unsure ({ $question }): it takes it for “{ $value }”, { $percent } certain.
worth-random = Drawn at random: this is how we measure without bias.
learning-effect = Before and after
learning-counts = { $standing ->
    [one] { $standing } correction stands
   *[other] { $standing } corrections stand
}: { $teaching } teach and { $judging } only judge.
learning-no-effect = No correction judges yet. One in five corrected posts is kept for that.
learning-held-out = The corrections of one post in five never teach: they only check whether the method is right.
learning-question = Question
learning-judged = Judging
learning-before = Right before
learning-after = Right after
learning-says = What can be said
learning-right = { $right } of { $judged } ({ $percent })
outcome-too-few = { $count ->
    [one] With { $count } correction nothing can be said yet.
   *[other] With { $count } corrections nothing can be said yet.
}
outcome-undecided = With { $count } corrections the difference may be chance.
outcome-better = It is right more often than before, and with { $count } corrections that is hardly chance.
outcome-worse = It is right less often than before, and with { $count } corrections that is hardly chance: look through the list.
learning-people = How much each person counts
learning-cap = Where several people correct, nobody weighs more than half of what was learned until then, except their first 20 corrections. So nobody can bend the method alone.
learning-no-people = Nobody has taught anything yet.
learning-person = Person
learning-weight = Weight
learning-share = Share
learning-conflicts = { $count ->
    [0] Nobody contradicts anybody.
    [one] There is { $count } text about which two people contradict each other; each counts half there.
   *[other] There are { $count } texts about which two people contradict each other; each counts half there.
}
learning-corrections = Corrections
learning-no-corrections = There are no corrections yet.
learning-judges = Only judges
learning-post = Post { $number }
learning-post-gone = The post is gone
learning-undone = undone { $when }
