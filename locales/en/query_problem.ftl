# What is wrong with a search expression and how to mend it.
query-problem = { $what } (character { $place })
query-problem-empty = There is nothing to look for: write at least one word.
query-problem-too-long = The query has more than { $count } characters: split it in two.
query-problem-too-many-parts = The query has more than { $count } parts: split it in two.
query-problem-too-deep = Parentheses are nested more than { $count } deep: simplify the query.
query-problem-unclosed-quote = This quotation mark is never closed: add another " after the phrase.
query-problem-unclosed-parenthesis = This parenthesis is never closed: add ) where the group ends.
query-problem-stray-parenthesis = This ) closes nothing: remove it or add ( before the group.
query-problem-missing-operand = { $name } needs something on both sides: add a word or remove the operator.
query-problem-nothing-to-negate = NOT needs something after it: add a word or remove it.
query-problem-bad-distance = NEAR takes a whole number of words from 1 to { $count }, as in NEAR/5.
query-problem-bad-near-side = NEAR joins words, phrases, prefixes or groups of them with OR; nothing else.
query-problem-unknown-field = There is no field “{ $name }:”. Use one of the help, or put the text between quotes.
query-problem-missing-value = “{ $name }:” needs a value right after the colon.
query-problem-bad-value = “{ $name }:” does not take “{ $value }”. { $help }
query-problem-no-letters = “{ $name }” holds no letter or digit to look for: remove it or write a word.
query-problem-short-prefix = A prefix needs at least two letters before *, as in agu*.
query-problem-inner-star = The sign * can only stand at the end of a word, as in agu*.
query-value-network = Write the name of a network, such as bluesky, mastodon, x or rss.
query-value-lang = Write a two-letter code, such as es, pt or en, or unknown.
query-value-country = Write a two-letter code, such as PA, MX or ES.
query-value-followers = Write a number, >100, >=100, <100, <=100 or 100..999.
query-value-engagement = Write a number, >10, >=10, <10, <=10 or 10..99.
query-value-has = Write link, image, video, media, hashtag, tag, question or country.
query-value-is = Write original, reply, reshare or quote.
query-value-tone = Write negative, neutral, positive, mixed or unknown.
query-value-domain = Write the name of a site, such as prensa.com.
query-value-source = Write the number of a source.
query-value-since = Write a date such as 2026-03-01.
query-value-until = Write a date such as 2026-03-01.
query-value-other = Check the value or put the text between quotes.
