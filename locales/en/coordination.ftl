# Coordinated networks: the list, the card of a group, the audit of a campaign and the map.
nav-coordination = Coordinated networks
nav-group-coordination = Influence
coordination-title = Coordinated networks
coordination-lead = Groups of accounts that act as one: what they do, toward whom, how sure that is, and whether their message has left its own circle.
coordination-run = Search now
coordination-running = Searching for groups
coordination-running-text = You may close the page: the search goes on without it.
coordination-failed = The last search did not end. Try again; if it happens again, tell whoever runs Atalaya.
coordination-never = Nobody has searched yet
coordination-never-text = “Search now” looks at every stored post: who shares, links, copies or answers the same within the same seconds, and compares that with chance. It usually takes less than a minute. Nothing leaves this server.
coordination-never-forbidden = Ask somebody with the role agent, spokesperson, director or administrator for the first search.
coordination-none = No group to show
coordination-none-text = In what was looked at, no coincidence between accounts withstood the test on data set apart. That is an answer too. With more sources or more days it may change.
coordination-last-run = Last search: { $when }
coordination-looked = { $posts } by { $accounts } were looked at.
coordination-left-out = { $count ->
    [one] { $count } post was left out for want of an author or a date.
   *[other] { $count } posts were left out for want of an author or a date.
}
coordination-weak = { $count ->
    [one] There is { $count } weak signal besides: a coincidence that the data set apart did not confirm. It is not shown, because showing it would accuse without proof.
   *[other] There are { $count } weak signals besides: coincidences that the data set apart did not confirm. They are not shown, because showing them would accuse without proof.
}
coordination-capped = { $count ->
    [one] In { $count } second so many accounts acted on the same thing at once that only some pairs were compared.
   *[other] In { $count } seconds so many accounts acted on the same thing at once that only some pairs were compared.
}
coordination-not-capped = Nothing had to be capped.
coordination-what-looked = What was looked at and what was capped
coordination-trace = Trace
coordination-window = Window
coordination-actions = Actions
coordination-objects = Objects
coordination-accounts = Accounts
coordination-pairs-tested = Pairs tested
coordination-pairs-found = Pairs that chance does not explain
coordination-capped-head = Actions capped
coordination-groups = Groups
coordination-newest = Newest known act: { $when }
coordination-newest-unknown = Newest act: not known
coordination-members = Accounts
coordination-since-run = { $posts } by its accounts since the search; { $outside } by others on its messages.
coordination-crossed = Its message reached an audience of others
coordination-crossed-live = Since the search, a message of it reached an audience of others
coordination-mixed = Some echo outside the group, no audience
coordination-inside = It has not left its own circle
coordination-unknown-reach = Too little is known to say whether it left its circle
coordination-no-behaviour = They act at once; there are no data to say what for
coordination-dismissed-groups = { $count ->
    [one] { $count } group dismissed by the team
   *[other] { $count } groups dismissed by the team
}
coordination-undecided = Nobody has decided yet
coordination-to-map = See the map
coordination-to-audit = Audit a campaign
coordination-ladder = How to read how sure it is
coordination-ladder-possible = Possible: one trace in common, confirmed on data that did not serve to find it.
coordination-ladder-likely = Likely: two different traces, or a confirmation that chance would give less than once in 10,000.
coordination-ladder-very_likely = Very likely: two different traces, a confirmation of less than one in a million, and signs in the accounts themselves.
coordination-ladder-note = These are words, not probabilities. “Coordinated” does not mean “fake”: only a person can say that, and signs it.
coordination-stop = Stop the search
coordination-since = Since { $when }.
coordination-over-limit = { $count ->
    [one] { $count } post, the oldest, was left out because of the limit.
   *[other] { $count } posts, the oldest, were left out because of the limit.
}
coordination-groups-left-out = { $count ->
    [one] { $count } group, the weakest, was not kept because of the limit.
   *[other] { $count } groups, the weakest, were not kept because of the limit.
}
coordination-texts-beyond = { $count ->
    [one] { $count } text was not compared with the oldest ones, which did not fit in the memory of the search.
   *[other] { $count } texts were not compared with the oldest ones, which did not fit in the memory of the search.
}
done-coordination-stopped = The search stops. What was found before stays.
done-coordination-begun = The search began. Groups will appear here.
done-group-decided = Your decision is signed.

# Words
strength-weak_signal = weak signal
strength-possible = possible
strength-likely = likely
strength-very_likely = very likely
strength-says-weak_signal = There is a weak signal that { $accounts } coincide; it is not confirmed
strength-says-possible = It is possible that { $accounts } act in a coordinated way
strength-says-likely = It is likely that { $accounts } act in a coordinated way
strength-says-very_likely = It is very likely that { $accounts } act in a coordinated way
trace-co_reshare = They reshare the same post
trace-co_link = They link the same address
trace-co_hashtag = They use the same hashtags in the same order
trace-co_text = They publish the same text, exact or edited
trace-co_media = They publish the same picture or video
trace-co_reply = They answer or mention the same account
trace-fast_reshare = They reshare the same post within the same ten seconds
trace-co_follow = They follow the same accounts
trace-synchrony = They become active in the same moments
trace-short-co_reshare = Reshares
trace-short-co_link = Links
trace-short-co_hashtag = Hashtag series
trace-short-co_text = Texts
trace-short-co_media = Pictures and videos
trace-short-co_reply = Replies and mentions
trace-short-fast_reshare = Immediate reshares
trace-short-co_follow = Follows
trace-short-synchrony = Moments of activity
behaviour-watcher = Watcher
behaviour-harasser = Harasser
behaviour-booster = Booster
behaviour-spreader = Spreader
behaviour-does-watcher = Follows the people around { $toward } and says nothing
behaviour-does-harasser = Insults or threatens { $toward }
behaviour-does-booster = Inflates the figures of { $toward }
behaviour-does-spreader = Carries the same messages, for or against { $toward }
behaviour-alone-watcher = Follows the same people and says nothing
behaviour-alone-harasser = Insults or threatens a few accounts
behaviour-alone-booster = Inflates the figures of a few accounts
behaviour-alone-spreader = Carries the same messages, whoever they are from
explanation-fans = Fans of the same person, team or band
explanation-newsroom = Outlets or desks of one house, or declared automation
explanation-activists = A strike, petition or protest with a shared text
explanation-raffle = A raffle: “share to win”
explanation-news_event = News to which everybody reacts at once
explanation-television = A broadcast that everybody watches at once
basis-timing = What pointed to it: its accounts meet on the same things at the same moment more often than everybody else's rhythm explains. The other half of the data confirmed it.
basis-kin = What pointed to it: its accounts have nearly the same name or were created within the same days. No pair meets often enough to stand out; what all of them did, which had no part in that, confirmed it.
basis-choice = What pointed to it: its accounts chose the same things. The moments, which had no part in that, confirmed it. Fans do the same: it never gets beyond “possible”.
verdict-holds = Found
verdict-fails = Looked for and not found
verdict-not_known = Cannot be known from these data
circle-too_few = Too few interactions to say
circle-own_circle = Still in its own circle
circle-mixed = Some echo outside, no audience
circle-audience = Reached an audience of others
likeness-same_accounts = Nearly the same accounts
likeness-shared_accounts = Some accounts in common
likeness-same_ways = Other accounts, the same ways
decision-confirmed = Confirmed as coordinated
decision-dismissed = Dismissed: there is an innocent explanation
decision-watch = Being watched
decision-short-confirmed = Confirmed
decision-short-dismissed = Dismissed
decision-short-watch = Watched
decision-signed = { $decision }, by { $by }, { $when }
engager-organic = Organic
engager-coordinated = Coordinated
engager-inactive = Inactive
engager-unknown = Not enough data
engager-means-organic = No sign of coordination, and a life outside the campaign
engager-means-coordinated = By accounts of a group that is at least “possible”
engager-means-inactive = By accounts without activity of their own for 90 days
engager-means-unknown = By accounts of which too little is known

# Card
group-lead = What was seen, what chance would give, and what else could explain it. The word is the method’s; the decision is a person’s.
group-what = What it does
group-why = Why “{ $word }”, and what would change it
group-p = If each account acted by itself, so much coincidence in the data set apart would be seen { $chance }, all tries counted.
group-p-rare = once in { $count }
group-p-rarest = less than once in { $count }
group-p-often = in { $share } of cases
group-step = It would be “{ $word }” with
group-step-or = Or else, it would be “{ $word }” with
group-top = This is the strongest word that the method gives. An innocent explanation, if found, or a signed decision would change it.
group-down = It would fall if an innocent explanation were found: with one it stays at “possible”; with two, or if it turns out to be an outlet that says so, it is no longer shown.
group-clock = Dates and times of { $zone }.
group-held = What holds the word back
group-held-says = It stays at “{ $word }”, however much they coincide, while something holds it back. Without that, what was seen would give “{ $otherwise }”.
group-held-says-same = It stays at “{ $word }”, however much they coincide, while something holds it back. Without that, what was seen would give no more for now either.
held-back-habit = Each account’s own habit, how soon it usually acts, explains most of its meetings: one call that all of them hear would give the same. It would be lifted if half of the pairs or more met more than that habit explains.
held-back-basis = What pointed to the group were not the moments at which its accounts meet. It would be lifted if another search, with more data, found it by those moments; with these data nothing lifts it.
held-back-explanation = An innocent explanation was found: { $explanations }. It would be lifted if, with more data, its numbers no longer held; no other evidence lifts it.
group-not-shown = What was examined as well and does not hold
group-not-known = No data to examine any behaviour.
group-explanations = Innocent explanations that were looked for
group-fact = What was measured
group-value = Here
group-limit = Limit
group-met = Met?
group-met-met = Yes
group-met-unmet = Not met
group-met-unknown = Not known
group-met-shown = For information
group-at-least = { $limit } or more
group-at-most = { $limit } or less
group-moments = Posts side by side
group-moments-text = Each row is a moment: the same act by several accounts, with the seconds between them.
group-moments-none = There are no moments to show.
group-moments-more = { $count ->
    [one] { $count } more moment
   *[other] { $count } more moments
}
group-moment-says = { $accounts } within { $span }
group-moment-others = { $count ->
    [0] Nobody else did the same in that time.
    [one] { $count } other account did the same in that time.
   *[other] { $count } other accounts did the same in that time.
}
group-moment-all-at-once = { $accounts } in the same second
group-moment-same-text = All of them say the same, to the letter:
group-after-first = The first
group-after = { $count ->
    [one] +{ $count } second
   *[other] +{ $count } seconds
}
group-see-posts = See in the explorer
group-all-posts = See its posts
group-first-members = Of the first { $count } accounts
group-expected = Observed against what chance would give
group-expected-text = “Expected” is what the same accounts and the same objects would give if nobody had agreed on anything. The data set apart did not serve to find the group, only to test it.
group-pairs = Pairs
group-together = Meetings
group-expected-head = Expected
group-held-observed = In data set apart
group-held-expected = Expected there
group-held-p = By chance
group-density = Pairs that are tied
group-stability = Stability at other scales
group-when = When they act
group-timeline = Posts of its accounts by date ({ $zone })
group-hours = Posts by hour of the day ({ $zone })
group-accounts = The accounts
group-created = When the accounts were created ({ $zone })
group-created-more = { $count ->
    [one] { $count } more date
   *[other] { $count } more dates
}
group-created-unknown = { $count ->
    [0] The date of all of them is known.
    [one] Of { $count } account the date is not known.
   *[other] Of { $count } accounts the date is not known.
}
group-signs = Signs in the accounts themselves
group-signs-unknown = Too little is known of these accounts to look for signs.
group-signs-none = No signs were found in the accounts themselves.
group-sign-created = { $members } created within { $span } from { $date } (UTC) on; chance would give { $expected }.
group-sign-returned = { $members } came back at once after a long silence, from { $date } (UTC) on.
group-sign-look-alikes = { $members } with names alike, “{ $stem }”; chance would give { $expected }.
group-sign-renamed = { $name } changed its name: { $handles }
group-sign-passed = The name { $name } passed between accounts: { $handles }
group-handles = Names they have used
group-handles-none = No account changed its name, as far as is known.
group-objects = What they share
group-objects-unfold = { $count ->
    [one] { $count } object more
   *[other] { $count } objects more
}
group-objects-more = { $count ->
    [one] { $count } object is not listed.
   *[other] { $count } objects are not listed.
}
group-object = Object
group-object-members = Accounts of the group
group-object-others = Other accounts
group-messages = Its messages and their way out of the circle
group-messages-none = No message of this group was followed.
group-messages-more = { $count ->
    [one] { $count } more message
   *[other] { $count } more messages
}
group-message-inside = By the group
group-message-outside = By other accounts
left-out-says = { $accounts } from outside do not count as the audience: { $why }.
left-out-coordinated = { $count ->
    [one] { $count } is of another coordinated group
   *[other] { $count } are of other coordinated groups
}
left-out-copied = { $count ->
    [one] { $count } is whom the group copies
   *[other] { $count } are whom the group copies
}
left-out-inactive = { $count ->
    [one] { $count } did nothing else in 90 days
   *[other] { $count } did nothing else in 90 days
}
group-message-crossed = It reached an audience on { $when }.
group-message-counts = Interactions of the group and of other accounts ({ $zone })
group-message-share = Share that comes from other accounts, with its 95% interval ({ $zone })
group-amplifiers = First other accounts that carried it
group-amplifier-when = When
group-amplifier-after = Interactions of others after it
group-earlier = Earlier groups that it resembles
group-earlier-none = It resembles no earlier group.
group-earlier-says = { $likeness }: { $accounts } in common; resemblance { $score } of 1. Seen on { $when }.
group-members = Accounts of the group
group-members-text = The most central first: start reading with them. Each leads to its card in the group.
group-members-more = { $shown } of { $all } are shown; the table to download has all of them.
group-copied = Whom the group copies
group-copied-text = These accounts nearly always act before those of the group, which do the same seconds later. To be followed is no evidence against anybody: it may be the source or the victim. They are not of the group and not accused.
group-copied-says = copied by { $members } accounts; before one of them { $first } times, after { $after }
group-account = Account
group-created-head = Created
group-followers = Followers
group-posts = Posts
group-ties = Pairs
group-decision = Decision of the team
group-decide = Sign the decision
group-to-decision = Decide
group-decide-text = It stands with your name and the time on the card and in the audit. The search remembers it and knows the group again if it comes back under other names.
group-decide-now = What does the team decide?
group-note = Why
group-note-hint = What you looked at and what convinced you. 1 to { $count } characters.
group-note-error = Write why, in { $count } characters at most.
group-decision-error = Choose one of the three.
group-downloads = Take the evidence along
group-downloads-text = With these files somebody else can repeat the analysis.
group-print = Print or save as PDF
group-file-data = All data of the card (JSON)
group-file-members = Accounts (CSV)
group-file-ties = Ties between accounts (CSV)
group-file-shares = The same, in the four columns of CooRTweet (CSV)
group-file-gexf = Graph for Gephi (GEXF)
group-file-graphml = Graph (GraphML)
group-method = Method { $name }, version { $version }. Group { $id }.
group-printed = Evidence by Atalaya · { $workspace } · { $name } · { $when } ({ $zone })
group-caution = The title says how sure it is that the accounts act in a coordinated way. Nothing on this card says who is behind them, nor why, nor that the accounts are fake.

# Audit of a campaign
campaign-title = Audit of a campaign
campaign-lead = Which share of the interaction with a hashtag, a link or some posts is organic, coordinated or by inactive accounts.
campaign-expression = The campaign
campaign-expression-hint = A query: #MyHashtag, domain:example.com, "a phrase" or author:account.
campaign-audit = Audit
campaign-needs-run = Search for groups first: without that search nobody knows which accounts coordinate.
campaign-nothing = Nothing to audit
campaign-nothing-text = No post matches that query.
campaign-of = Audit: { $name }
campaign-too-few = Too few accounts to give shares that do not mislead
campaign-says = Of { $posts } by { $accounts }, { $share } comes from accounts that at least possibly act in a coordinated way (between { $low } and { $high })
campaign-accounts-left-out = { $count ->
    [one] { $count } account was not looked at because of the limit.
   *[other] { $count } accounts were not looked at because of the limit.
}
campaign-not-examined = { $count ->
    [one] { $count } post of the campaign is older or newer than the search for groups.
   *[other] { $count } posts of the campaign are older or newer than the search for groups.
}
campaign-class = Interaction
campaign-accounts = Accounts
campaign-accounts-share = Share of the accounts
campaign-posts-share = Share of the posts
campaign-at-most = At most
campaign-between = { $share } ({ $low } to { $high })
campaign-shares = Shares of the interaction with their 95% interval
campaign-method = How it is computed
campaign-method-text = What counts is the posts that the query finds, with reshares, quotes and replies; likes are not known by account. Each account is one draw however much it posts, so the intervals are wide when few accounts do nearly everything. Wilson’s 95% interval; for posts, with the effective size of a cluster sample.
campaign-method-unknown = “At most” is the share that each class would have if all that is not known were of it.
campaign-method-limits = The intervals take the accounts as a random sample of those that interact. They do not hold the errors of the method that found the groups. An account passes for inactive only where its network says how much it ever published: that there is no more of it here proves nothing.
campaign-groups = Groups that take part
campaign-groups-none = No known group takes part.
campaign-group-says = { $posts } by { $accounts }
campaign-group-dismissed = (dismissed by the team: its accounts count as anybody)
campaign-method-name = Method { $name }, version { $version }.
campaign-posts = See the posts

# Map
map-title = Map of the networks
map-lead = Each point is an account; each line, a coincidence that chance does not explain. The map illustrates: the evidence is in the table and on the cards.
map-table = Groups of the map
map-sign = Sign
map-group = Group
map-canvas = Map of accounts by groups
map-help = Drag to move and use the wheel to zoom. By keyboard: arrows, plus and minus to zoom in and out, zero to see all of it, and the keys n and p to go through the accounts.
map-zoom-in = Zoom in
map-zoom-out = Zoom out
map-reset = See all
map-next = Next account
map-none-webgl = This browser cannot draw the map (WebGL is missing). The table says the same.
map-noscript = The map needs JavaScript. The table says the same.
map-empty = There is no map yet
map-empty-text = It appears when a search finds groups.
map-left-out = Its limit leaves { $accounts } accounts and { $ties } ties out of the map.
map-files = Take the graph along
chart-columns-desc = From { $from } to { $to }. Maximum: { $max }, { $when }.
chart-interval-desc = From { $from } to { $to }. At the end: { $share }, between { $low } and { $high }.
chart-interval-point = { $when }: { $share }, between { $low } and { $high }
chart-low = From
chart-high = To
chart-interval = 95% interval
