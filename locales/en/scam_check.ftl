# Scam check.
nav-scam_check = Is it a scam?
scam-check-title = Is it a scam?
scam-check-lead = Paste a message that reached you by e-mail, SMS, WhatsApp or a network. It is searched for the ten signs of a scam. The message is not kept.
scam-check-text = Message
scam-check-action = Check
scam-check-length = Paste a message of 1 to { $count } characters.
scam-check-none = Not enough signs were found. That does not prove the message honest: when in doubt, call the official number yourself.
scam-check-seen = The same message was seen before: { $when }, { $author }.
scam-check-seen-link = See the post
scam-check-result = Result
