# The words of the glossary that many pages show.
tone = Tone
tone-unknown = Undetermined
tone-negative = Negative
tone-neutral = Neutral
tone-positive = Positive
tone-mixed = Mixed
network-bluesky = Bluesky
network-mastodon = Mastodon
network-x = X
network-reddit = Reddit
network-youtube = YouTube
network-telegram = Telegram
network-rss = Press and blogs
network-nostr = Nostr
network-matrix = Matrix
network-facebook = Facebook
network-instagram = Instagram
network-webhook = Webhook
network-file = File
kind-original = Post
kind-reply = Reply
kind-reshare = Reshare
kind-quote = Quote
purpose-own_brand = Own brand
purpose-competitor = Competitor
purpose-market = Market
purpose-topic = Topic
role-administrator = Administrator
role-director = Director
role-spokesperson = Spokesperson
role-agent = Agent
role-viewer = Viewer
health-healthy = Running
health-late = Running late
health-failing = Failing
health-paused = Paused
health-new = No data yet
missing-not_provided = Not available
missing-hidden = Hidden by the network
missing-implausible = Implausible value
missing-value = No data
unit-mentions = { $count ->
    [one] { $count } mention
   *[other] { $count } mentions
}
unit-posts = { $count ->
    [one] { $count } post
   *[other] { $count } posts
}
unit-accounts = { $count ->
    [one] { $count } account
   *[other] { $count } accounts
}
unit-followers = { $count ->
    [one] { $count } follower
   *[other] { $count } followers
}
