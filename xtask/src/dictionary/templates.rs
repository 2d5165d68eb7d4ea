//! The shapes in which networks send their items, with marks for what varies.

/// Wire shapes with their share. `¤n12¤` stands for twelve digits; see `fill`.
pub const TEMPLATES: &[(usize, &str)] = &[
    (
        4,
        r##"{"did":"did:plc:¤b24¤","time_us":17¤n14¤,"kind":"commit","commit":{"rev":"3l¤b11¤","operation":"create","collection":"app.bsky.feed.post","rkey":"3l¤b11¤","record":{"$type":"app.bsky.feed.post","createdAt":"¤t¤","langs":["¤l¤"],"text":"¤s¤"},"cid":"bafyrei¤b52¤"}}"##,
    ),
    (
        3,
        r##"{"did":"did:plc:¤b24¤","time_us":17¤n14¤,"kind":"commit","commit":{"rev":"3l¤b11¤","operation":"create","collection":"app.bsky.feed.post","rkey":"3l¤b11¤","record":{"$type":"app.bsky.feed.post","createdAt":"¤t¤","langs":["¤l¤"],"reply":{"parent":{"cid":"bafyrei¤b52¤","uri":"at://did:plc:¤b24¤/app.bsky.feed.post/3l¤b11¤"},"root":{"cid":"bafyrei¤b52¤","uri":"at://did:plc:¤b24¤/app.bsky.feed.post/3l¤b11¤"}},"text":"¤s¤"},"cid":"bafyrei¤b52¤"}}"##,
    ),
    (
        2,
        r##"{"did":"did:plc:¤b24¤","time_us":17¤n14¤,"kind":"commit","commit":{"rev":"3l¤b11¤","operation":"create","collection":"app.bsky.feed.post","rkey":"3l¤b11¤","record":{"$type":"app.bsky.feed.post","createdAt":"¤t¤","embed":{"$type":"app.bsky.embed.images","images":[{"alt":"","aspectRatio":{"height":¤n4¤,"width":¤n4¤},"image":{"$type":"blob","ref":{"$link":"bafkrei¤b52¤"},"mimeType":"image/jpeg","size":¤n6¤}}]},"facets":[{"features":[{"$type":"app.bsky.richtext.facet#tag","tag":"¤h¤"}],"index":{"byteEnd":¤n2¤,"byteStart":¤n2¤}}],"langs":["¤l¤"],"text":"¤s¤"},"cid":"bafyrei¤b52¤"}}"##,
    ),
    (
        2,
        r##"{"did":"did:plc:¤b24¤","time_us":17¤n14¤,"kind":"commit","commit":{"rev":"3l¤b11¤","operation":"create","collection":"app.bsky.feed.post","rkey":"3l¤b11¤","record":{"$type":"app.bsky.feed.post","createdAt":"¤t¤","embed":{"$type":"app.bsky.embed.external","external":{"description":"¤s¤","thumb":{"$type":"blob","ref":{"$link":"bafkrei¤b52¤"},"mimeType":"image/jpeg","size":¤n6¤},"title":"¤s¤","uri":"¤u¤"}},"facets":[{"features":[{"$type":"app.bsky.richtext.facet#link","uri":"¤u¤"}],"index":{"byteEnd":¤n3¤,"byteStart":¤n2¤}},{"$type":"app.bsky.richtext.facet","features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:¤b24¤"}],"index":{"byteEnd":¤n2¤,"byteStart":0}}],"langs":["¤l¤"],"text":"¤s¤"},"cid":"bafyrei¤b52¤"}}"##,
    ),
    (
        1,
        r##"{"did":"did:plc:¤b24¤","time_us":17¤n14¤,"kind":"commit","commit":{"rev":"3l¤b11¤","operation":"create","collection":"app.bsky.feed.repost","rkey":"3l¤b11¤","record":{"$type":"app.bsky.feed.repost","createdAt":"¤t¤","subject":{"cid":"bafyrei¤b52¤","uri":"at://did:plc:¤b24¤/app.bsky.feed.post/3l¤b11¤"}},"cid":"bafyrei¤b52¤"}}"##,
    ),
    (
        3,
        r##"{"uri":"at://did:plc:¤b24¤/app.bsky.feed.post/3l¤b11¤","cid":"bafyrei¤b52¤","author":{"did":"did:plc:¤b24¤","handle":"¤w¤.bsky.social","displayName":"¤N¤","avatar":"https://cdn.bsky.app/img/avatar/plain/did:plc:¤b24¤/bafkrei¤b52¤@jpeg","associated":{"chat":{"allowIncoming":"following"}},"labels":[],"createdAt":"¤t¤"},"record":{"$type":"app.bsky.feed.post","createdAt":"¤t¤","langs":["¤l¤"],"text":"¤s¤"},"bookmarkCount":0,"replyCount":¤c¤,"repostCount":¤c¤,"likeCount":¤c¤,"quoteCount":0,"indexedAt":"¤t¤","labels":[]}"##,
    ),
    (
        4,
        r##"{"server":"mastodon.social","status":{"id":"11¤n16¤","created_at":"¤t¤","in_reply_to_id":null,"in_reply_to_account_id":null,"sensitive":false,"spoiler_text":"","visibility":"public","language":"¤l¤","uri":"https://mastodon.social/users/¤w¤/statuses/11¤n16¤","url":"https://mastodon.social/@¤w¤/11¤n16¤","replies_count":¤c¤,"reblogs_count":¤c¤,"favourites_count":¤c¤,"quotes_count":0,"edited_at":null,"content":"\u003cp\u003e¤s¤\u003ca href=\"https://mastodon.social/tags/¤h¤\" class=\"mention hashtag\" rel=\"tag\"\u003e#\u003cspan\u003e¤h¤\u003c/span\u003e\u003c/a\u003e\u003c/p\u003e","reblog":null,"application":{"name":"Web","website":null},"account":{"id":"1¤n17¤","username":"¤w¤","acct":"¤w¤","display_name":"¤N¤","locked":false,"bot":¤B¤,"discoverable":true,"indexable":true,"group":false,"created_at":"¤t¤","note":"\u003cp\u003e¤s¤\u003c/p\u003e","url":"https://mastodon.social/@¤w¤","uri":"https://mastodon.social/users/¤w¤","avatar":"https://files.mastodon.social/accounts/avatars/11¤n1¤/¤n3¤/¤n3¤/¤n3¤/¤n3¤/¤n3¤/original/¤x16¤.jpg","avatar_static":"https://files.mastodon.social/accounts/avatars/11¤n1¤/¤n3¤/¤n3¤/¤n3¤/¤n3¤/¤n3¤/original/¤x16¤.jpg","header":"https://mastodon.social/headers/original/missing.png","header_static":"https://mastodon.social/headers/original/missing.png","followers_count":¤c¤,"following_count":¤c¤,"statuses_count":¤c¤,"last_status_at":"2026-03-¤n2¤","hide_collections":null,"noindex":false,"emojis":[],"roles":[],"fields":[]},"media_attachments":[],"mentions":[],"tags":[{"name":"¤h¤","url":"https://mastodon.social/tags/¤h¤"}],"emojis":[],"card":null,"poll":null,"filtered":[]}}"##,
    ),
    (
        3,
        r##"{"data":{"id":"1¤n18¤","text":"¤s¤","author_id":"¤n10¤","created_at":"¤t¤","conversation_id":"1¤n18¤","edit_history_tweet_ids":["1¤n18¤"],"lang":"¤l¤","possibly_sensitive":false,"reply_settings":"everyone","public_metrics":{"retweet_count":¤c¤,"reply_count":¤c¤,"like_count":¤c¤,"quote_count":¤c¤,"bookmark_count":¤c¤,"impression_count":¤c¤},"entities":{"hashtags":[{"start":¤n2¤,"end":¤n2¤,"tag":"¤h¤"}],"urls":[{"start":¤n2¤,"end":¤n3¤,"url":"https://t.co/¤i10¤","expanded_url":"¤u¤","display_url":"pic.x.com/¤i10¤","media_key":"3_1¤n18¤"}],"mentions":[{"start":0,"end":¤n2¤,"username":"¤w¤","id":"¤n9¤"}]},"referenced_tweets":[{"type":"replied_to","id":"1¤n18¤"}]},"includes":{"users":[{"id":"¤n10¤","name":"¤N¤","username":"¤w¤","created_at":"¤t¤","description":"¤s¤","location":"Panamá","verified":¤B¤,"verified_type":"none","protected":false,"profile_image_url":"https://pbs.twimg.com/profile_images/1¤n18¤/¤i8¤_normal.jpg","url":"","public_metrics":{"followers_count":¤c¤,"following_count":¤c¤,"tweet_count":¤c¤,"listed_count":¤c¤,"like_count":¤c¤,"media_count":¤c¤}}]}}"##,
    ),
    (
        2,
        r##"{"created_at":"¤T¤","id":1¤n18¤,"id_str":"1¤n18¤","text":"¤s¤","source":"<a href=\"http://twitter.com/download/iphone\" rel=\"nofollow\">Twitter for iPhone</a>","truncated":false,"in_reply_to_status_id":null,"in_reply_to_status_id_str":null,"in_reply_to_user_id":null,"in_reply_to_user_id_str":null,"in_reply_to_screen_name":null,"user":{"id":¤n10¤,"id_str":"¤n10¤","name":"¤N¤","screen_name":"¤w¤","location":"","description":"¤s¤","url":null,"entities":{"description":{"urls":[]}},"protected":false,"followers_count":¤c¤,"friends_count":¤c¤,"listed_count":¤c¤,"created_at":"¤T¤","favourites_count":¤c¤,"utc_offset":null,"time_zone":null,"geo_enabled":¤B¤,"verified":false,"statuses_count":¤c¤,"lang":"¤l¤","contributors_enabled":false,"is_translator":false,"is_translation_enabled":false,"profile_background_color":"C0DEED","profile_background_image_url":"http://abs.twimg.com/images/themes/theme1/bg.png","profile_background_image_url_https":"https://abs.twimg.com/images/themes/theme1/bg.png","profile_background_tile":false,"profile_image_url":"http://pbs.twimg.com/profile_images/¤n18¤/¤i8¤_normal.jpeg","profile_image_url_https":"https://pbs.twimg.com/profile_images/¤n18¤/¤i8¤_normal.jpeg","profile_banner_url":"https://pbs.twimg.com/profile_banners/¤n10¤/¤n10¤","profile_link_color":"0084B4","profile_sidebar_border_color":"C0DEED","profile_sidebar_fill_color":"DDEEF6","profile_text_color":"333333","profile_use_background_image":true,"default_profile":true,"default_profile_image":false,"following":false,"follow_request_sent":false,"notifications":false},"geo":null,"coordinates":null,"place":null,"contributors":null,"is_quote_status":false,"retweet_count":¤c¤,"favorite_count":¤c¤,"entities":{"hashtags":[{"text":"¤h¤","indices":[¤n2¤,¤n2¤]}],"symbols":[],"urls":[{"url":"https://t.co/¤i10¤","expanded_url":"¤u¤","display_url":"¤i10¤","indices":[¤n2¤,¤n3¤]}],"user_mentions":[{"screen_name":"¤w¤","name":"¤N¤","id":¤n9¤,"id_str":"¤n9¤","indices":[3,¤n2¤]}]},"favorited":false,"retweeted":false,"possibly_sensitive":false,"lang":"¤l¤"}"##,
    ),
    (
        3,
        r##"{"id":"1¤n18¤","author":"¤w¤","author_id":"¤n10¤","text":"¤s¤","created_at":"¤t¤","language":"¤l¤","url":"https://x.com/¤w¤/status/1¤n18¤","likes":"¤c¤","reshares":"¤c¤","replies":"¤c¤","followers":"¤c¤","country":"PA","network":"x"}"##,
    ),
    (2, r##"{"id":"¤n6¤","text":"¤s¤","author":"¤N¤","created_at":"2026-¤n2¤-¤n2¤ ¤n2¤:¤n2¤:¤n2¤"}"##),
    (
        1,
        r##"{"kind":"t1","data":{"id":"l¤b6¤","name":"t1_l¤b6¤","author":"¤w¤","author_fullname":"t2_¤b8¤","body":"¤s¤","body_html":"&lt;div class=\"md\"&gt;&lt;p&gt;¤s¤&lt;/p&gt;\n&lt;/div&gt;","created":17¤n8¤.0,"created_utc":17¤n8¤.0,"edited":false,"link_id":"t3_1¤b6¤","parent_id":"t1_l¤b6¤","permalink":"/r/Panama/comments/1¤b6¤/l¤b6¤/","score":¤c¤,"ups":¤c¤,"downs":0,"subreddit":"Panama","subreddit_id":"t5_2¤b4¤","stickied":false,"is_submitter":false,"distinguished":null,"gilded":0,"archived":false,"controversiality":0,"locked":false,"over_18":false,"num_comments":¤c¤,"selftext":"","title":"¤s¤","url":"¤u¤","domain":"self.Panama"}}"##,
    ),
    (
        1,
        r##"{"kind":"youtube#commentThread","etag":"¤i27¤","id":"Ug¤i20¤4AaABAg","snippet":{"channelId":"UC¤i22¤","videoId":"¤i11¤","topLevelComment":{"kind":"youtube#comment","etag":"¤i27¤","id":"Ug¤i20¤4AaABAg","snippet":{"channelId":"UC¤i22¤","videoId":"¤i11¤","textDisplay":"¤s¤","textOriginal":"¤s¤","authorDisplayName":"@¤w¤","authorProfileImageUrl":"https://yt3.ggpht.com/ytc/¤i40¤=s48-c-k-c0x00ffffff-no-rj","authorChannelUrl":"http://www.youtube.com/@¤w¤","authorChannelId":{"value":"UC¤i22¤"},"canRate":true,"viewerRating":"none","likeCount":¤c¤,"publishedAt":"¤t¤","updatedAt":"¤t¤"}},"canReply":true,"totalReplyCount":¤c¤,"isPublic":true}}"##,
    ),
    (
        1,
        r##"{"chat":{"name":"¤N¤","type":"public_channel","id":1¤n9¤},"message":{"id":¤n5¤,"type":"message","date":"2026-03-¤n2¤T¤n2¤:¤n2¤:¤n2¤","date_unixtime":"17¤n8¤","from":"¤N¤","from_id":"channel1¤n9¤","text":["¤s¤",{"type":"link","text":"¤u¤"},{"type":"hashtag","text":"#¤h¤"}],"text_entities":[{"type":"plain","text":"¤s¤"}]}}"##,
    ),
    (
        1,
        r##"{"update_id":¤n9¤,"channel_post":{"message_id":¤n5¤,"sender_chat":{"id":-100¤n10¤,"title":"¤N¤","username":"¤w¤","type":"channel"},"chat":{"id":-100¤n10¤,"title":"¤N¤","username":"¤w¤","type":"channel"},"date":17¤n8¤,"text":"¤s¤","entities":[{"offset":0,"length":¤n2¤,"type":"url"}]}}"##,
    ),
    (
        2,
        r##"{"feed":"¤u¤","feed_title":"¤N¤","id":"¤u¤","title":"¤s¤","url":"¤u¤","author":"¤N¤","published":"¤t¤","updated":"¤t¤","language":"¤l¤","summary":"<p>¤s¤ ¤s¤ ¤s¤</p>","content":"<p>¤s¤</p><p>¤s¤</p>","categories":["¤h¤","¤h¤"]}"##,
    ),
    (
        1,
        r##"{"content":"¤s¤","created_at":17¤n8¤,"id":"¤x64¤","kind":1,"pubkey":"¤x64¤","sig":"¤x128¤","tags":[["e","¤x64¤","","root"],["p","¤x64¤"],["t","¤h¤"]]}"##,
    ),
    (
        1,
        r##"{"server":"https://matrix.example.org","room_id":"!¤i18¤:matrix.example.org","event":{"type":"m.room.message","sender":"@¤w¤:matrix.example.org","content":{"body":"¤s¤","msgtype":"m.text","m.mentions":{}},"origin_server_ts":17¤n11¤,"event_id":"$¤i43¤","unsigned":{"age":¤c¤}}}"##,
    ),
    (
        1,
        r##"{"object":"page","entry":[{"id":"¤n15¤","time":17¤n8¤,"changes":[{"field":"feed","value":{"from":{"id":"¤n17¤","name":"¤N¤"},"message":"¤s¤","post_id":"¤n15¤_¤n15¤","comment_id":"¤n15¤_¤n15¤","created_time":17¤n8¤,"item":"comment","parent_id":"¤n15¤_¤n15¤","verb":"add"}}]}]}"##,
    ),
];
