# The card of an account of a group, and earlier groups.
account-title = { $name } in its group
account-lead = What this account did, beside the nearest acts of the others in a group of { $accounts }. The group's word:
account-caution = The word is the group's, not the account's. That an account is in the group says that it coincides with others more than chance would give; it does not say that it is fake, nor who runs it, nor why.
account-to-group = Its group
account-to-author = Page of the account
account-known = What is known of it
account-joint-posts = Posts in the joint part
account-partners = Accounts it coincides with
account-place = Place in the group
account-place-of = { $place } of { $all }
account-beside = Its posts beside those of the others
account-beside-text = Each pair is a post of this account and the nearest in time of another account of the group on the same thing, with what separates them. The newest first, without choosing those that coincide most.
account-near-says = In { $within } of { $posts } of its joint part, another account of the group did the same within the window of that trace. Half of the time, at { $median } or less.
account-near-none = No post of its joint part is left to compare.
account-after = The other, { $span } later
account-before = The other, { $span } earlier
account-same-second = In the same second
account-near-others = { $count ->
    [0] No other of the group did it within the window.
    [one] { $count } more account of the group did it within the window.
   *[other] { $count } more accounts of the group did it within the window.
}
account-posts-none = There are no posts to put side by side.
account-posts-more = { $count ->
    [one] { $count } more pair
   *[other] { $count } more pairs
}
account-posts-left-out = { $count ->
    [one] { $count } more of its posts, older, is not listed; the file has it.
   *[other] { $count } more of its posts, older, are not listed; the file has them.
}
account-with-whom = Whom it coincides with, and how much was to be expected
account-with-whom-text = Only the pairs that chance does not explain. “By chance” holds for each pair by itself.
account-partners-none = None of its pairs is left.
account-partners-left-out = { $count ->
    [one] It coincides with { $count } more account.
   *[other] It coincides with { $count } more accounts.
}
account-partners-more = { $count ->
    [one] { $count } more account
   *[other] { $count } more accounts
}
account-joint-objects = Objects of both
account-habit = (its habit explains it)
account-against-title = What speaks against
account-against-own_life = A life of its own outside the joint part
account-against-declared = Declares itself an outlet, a desk or automated
account-against-habit = Its habit of being early explains the coincidences
account-against-apart = Nearly always acts far from the others
account-against-few_partners = Coincides with very few accounts of the group
account-against-old = Old account
account-verdict = What would change the result
account-verdict-partners = It coincides with { $partners } in ways that chance does not explain. With fewer than 3 it would not be in a group found by its timing.
account-verdict-against = Each point found among those that speak against is a reason to read its posts before counting it in.
account-verdict-group = The group is “{ $word }”; what would change that word is on its card. If the group is dismissed, nothing is left said of this account.
account-verdict-signs = The signs of the account change nothing: they describe, they do not prove.
account-signs = Signs in the account
account-signs-head = Signs
account-signs-text = These are weak hints that many ordinary accounts have as well. They never make a group nor raise its word.
account-signs-none = No sign was found in the account.
account-signs-total = Together they weigh { $total } on a scale that is cut at −2 and 2. Above zero they point to automation or pretence; below, to an ordinary account.
account-signs-not-known = Could not be looked at for lack of data:
account-sign-weak = Weak hint
account-sign-for = Speaks for the account
account-sign-random_handle = A handle with letters as if at random
account-sign-digit_tail = Many digits at the end of the handle
account-sign-young = Created lately
account-sign-old = Created long ago
account-sign-default_avatar = No picture of its own
account-sign-shared_avatar = The picture of another account
account-sign-follows_many = Follows many, followed by few
account-sign-many_posts = More posts than a person writes
account-sign-regular_intervals = Acts at regular intervals
account-sign-sleepless = Never sleeps
account-sign-same_second = Acts in the same second of the minute
account-parts = Signs of the group that it takes part in
account-parts-none = None.
account-part-created = Created together with others of the group
account-part-returned = Came back from a long silence together with others of the group
account-part-look_alikes = Its handle resembles those of others of the group
account-part-renamed = Changed its handle several times, with the same identifier
account-part-passed = Had a handle that another account of the group had as well
account-handles-none = As far as known, only one.
account-timeline = Its posts in the joint part, by date ({ $zone })
account-objects-none = Nothing shared is left to list.
account-objects-more = { $count } more, without a name or shared by fewer
account-when = When it acts
account-handles = Names it has used
account-object-unnamed = No name; trace and time tell it
account-first-at = First time
account-times = Its times
account-earlier = Other groups it was in
account-earlier-none = None that is remembered.
account-file-actions = Its acts and everybody's on the same objects (CSV)
group-sign-chance = By chance: { $chance }.
group-sign-by-chance = By chance: { $chance }; it does not count as a sign.
group-acts-all = All { $acts } acts on the joint objects are there.
group-acts-cut = { $acts } of the { $all } acts on the joint objects are there: at most { $limit } are kept of a group, and those erased since the search are gone. The manifest says which.
group-file-actions = All acts on the joint objects: trace, object, account, time (CSV)
group-file-shares-of = Only { $trace }, in the four columns: goes into “atalaya coordination detect” (CSV)
group-file-manifest = Manifest: the settings of the search and what is missing (JSON)
earlier-title = An earlier group
earlier-lead = The last search did not find it with the same accounts. What is remembered of it is what is needed to recognise it if it returns.
earlier-says = Group of { $accounts }. Seen on { $when }.
earlier-kept = Its evidence is not kept: it was of the posts of that time.
earlier-now = Where its accounts are now
earlier-now-none = None is in a group of the last search.
earlier-shared = { $accounts } of that group
fact-own_posts = Posts outside the joint part
fact-own_posts_share = Share of its posts outside the joint part
fact-account_declared = Declares itself an outlet, a desk or automated
fact-habit_share = Pairs that its habit explains
fact-apart_share = Posts of the joint part with no other near
fact-partners = Accounts it coincides with
fact-beyond_habit_share = Pairs that the accounts’ habits do not explain
