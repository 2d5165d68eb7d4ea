# Was this picture used before?
nav-pictures = Picture seen before?
pictures-title = Was this picture used before?
pictures-lead = Upload a picture and we compare it with those of the posts, also cropped, mirrored or framed. The picture is not kept.
pictures-field = Picture
pictures-field-hint = JPEG, PNG, GIF or WebP, up to { $limit }.
pictures-action = Look it up
pictures-error-none = Choose a picture.
pictures-error-large = The file is too large: choose one of up to { $limit }.
pictures-error-unreadable = We could not read the file as a picture. Choose a JPEG, PNG, GIF or WebP that is not damaged.
pictures-result = Result
pictures-brought = { $format }, { $width } × { $height } pixels
pictures-seen-title = It was used before
pictures-seen = { $count ->
    [one] One post shows it.
   *[other] { $count } posts show it.
}
pictures-first = First appearance that we know
pictures-others = Other appearances, most alike first
pictures-more = { $count ->
    [one] One more post shows it too.
   *[other] { $count } more posts show it too.
}
pictures-unseen-title = We have not seen it
pictures-unseen = { $count ->
    [one] We compared it with the only picture that we know. That does not prove it is new: it may have been used where we do not listen.
   *[other] We compared it with { $count } pictures. That does not prove it is new: it may have been used where we do not listen.
}
pictures-plain-title = It has too little detail to be compared
pictures-plain-text = A blank or nearly empty picture looks like many others. We cannot say whether it was used before.
pictures-nothing-title = There are no pictures to compare it with yet
pictures-nothing-text = We know no picture of any post, so we cannot say whether this one was used before.
pictures-fetching-title = Pictures of the posts
pictures-fetching-on = Pictures of posts that arrive are fetched. Only their fingerprint is kept, never the picture.
pictures-fetching-off = Pictures of posts are not fetched. Without them there is nothing to compare with.
pictures-fetching-risk = When they are fetched, the networks' servers, and any other that the author chose, see this server's address and learn that the post was received here. It holds for posts that arrive from then on; you can stop it at any time.
pictures-fetching-begin = Fetch pictures of the posts
pictures-fetching-end = Stop fetching pictures
pictures-fetching-who = Whoever may change the sources decides this.
pictures-known = With a fingerprint
pictures-waiting = Waiting
pictures-plain = With too little detail
pictures-failed = That could not be read
picture-alike-same = Identical
picture-alike-nearly = Almost identical
picture-alike-changed = The same, somewhat changed
picture-alike-maybe = Maybe the same: look for yourself
picture-change-mirrored = The one you uploaded is mirrored.
picture-change-upside_down = The one you uploaded is mirrored top to bottom.
picture-change-rotated_90 = The one you uploaded is turned by a quarter.
picture-change-rotated_180 = The one you uploaded is turned by half.
picture-change-rotated_270 = The one you uploaded is turned by three quarters.
picture-change-transposed = The one you uploaded is turned and mirrored.
picture-change-transversed = The one you uploaded is turned and mirrored.
picture-change-framed = The one you uploaded has a frame added.
picture-change-unframed = The one you uploaded lost its frame.
picture-change-extended = The one you uploaded shows more around it.
picture-change-cropped = The one you uploaded is cropped.
done-pictures-on = From now on, pictures of posts that arrive are fetched.
done-pictures-off = Pictures are no longer fetched. The fingerprints stay.
