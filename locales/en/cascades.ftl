# Cascades: what is repeated, copied or edited.
nav-cascades = Cascades
cascades-title = Cascades
cascades-lead = What is repeated in the same words or nearly: chain messages, slogans, hoaxes and copied news.
cascades-filter = Only among the posts that match
cascades-filter-hint = A query, for example intent:rumour lang:es. Empty: all.
cascades-period = Period
cascades-empty-title = Nothing is repeated in this period
cascades-empty-text = When at least two posts say almost the same, they appear here.
cascades-times = { $posts } almost the same
cascades-in-all = { $posts } in all, over { $span }
cascades-see-posts = See the posts
cascade-title = Cascade
cascade-lead = One sentence, copied or edited: where it appeared first, how it changed and who spread it.
cascade-posts = Posts
cascade-networks = Networks
cascade-first-hour = In the first hour
cascade-half = Until half of them
cascade-firsts = First appearance on each network
cascade-network = Network
cascade-when = When
cascade-who = Who
cascade-after = After the first
cascade-origin = The first that we know
cascade-changes = How the text changed
cascade-exact-copies = { $count ->
    [0] No identical copies among those shown
    [one] And { $count } identical copy
   *[other] And { $count } identical copies
}
cascade-no-changes = All say the same.
cascade-changes-more = The first changes are shown; the others are among the posts.
cascade-alike = { $share } in common with the most similar earlier one
cascade-members = From the oldest to the newest
cascade-speed = Pace
cascade-began = First
cascade-last = Last
cascade-peak = Busiest hour
cascade-amplifiers = Who repeated it most
cascade-method = Pieces of four letters of the text without links and mentions are compared. Repeating a text does not prove that people agreed to: the press, petitions and fans do it too.
