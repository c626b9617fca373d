-- Candidate pairs compared: the reason under each head, the sum of their weights, and how the pair stands beside
-- the other pairs of the same two documents.
-- Read: candidate, account, figure (toll, n, low, high, most, vague), spots and sides (x, y, reason: of every two
-- that meet), weight (reason, weight: hundredths, so that sums are exact in any order; code).
-- Makes: compared (l, r, codes of the reasons, score in hundredths), from a score of $least up.

-- What two accounts say of one kind of toll: the strongest that can be said of any two of their figures.
create or replace temp table tolls as
with met as (
    select distinct 'killed' as toll, a.killed as x, b.killed as y
    from candidate join account a on a.n = l join account b on b.n = r
    where a.killed is not null and b.killed is not null
    union all
    select distinct 'wounded', a.wounded, b.wounded
    from candidate join account a on a.n = l join account b on b.n = r
    where a.wounded is not null and b.wounded is not null
),
each as (
    select toll, x, y,
           greatest(p.most, q.most) as more, least(p.most, q.most) as fewer,
           p.vague as pv, q.vague as qv,
           -- an open bound is null: two counts can both be true where the intervals meet
           coalesce(p.low, 0) <= coalesce(q.high, 2147483647)
             and coalesce(q.low, 0) <= coalesce(p.high, 2147483647) as can_both,
           p.low is not distinct from q.low and p.high is not distinct from q.high as equal,
           coalesce(p.low in (q.low, q.high) or p.high in (q.low, q.high), false) as number_shared
    from met
    join figure p using (toll)
    join figure q using (toll)
    where p.n = met.x and q.n = met.y
)
select toll, x, y, toll || ': ' || min_by(said, place) as said
from (
    select toll, x, y, unnest(case
        when (equal or number_shared) and pv and qv then {'place': 3, 'said': 'both can be true'}
        when equal or number_shared then
            case when more >= $large then {'place': 0, 'said': 'the same, eight or more'}
                 when more >= $middle then {'place': 1, 'said': 'the same, three to seven'}
                 else {'place': 2, 'said': 'the same, one or two'} end
        when pv or qv then {'place': 5, 'said': 'too vague to tell'}
        when can_both and more <= 2 * fewer + 3 then {'place': 3, 'said': 'both can be true'}
        when can_both then {'place': 6, 'said': 'both can be true, far apart'}
        when more - fewer <= greatest(2, more / 4) then {'place': 4, 'said': 'close'}
        else {'place': 7, 'said': 'differ'} end)
    from each
)
group by toll, x, y;

-- The reason under each head, and the weights of the two accounts alone. A reason's code is its place under its
-- head, four bits for each head.
create or replace temp table alone as
with reasoned as (
    select l, r, a.document as ld, b.document as rd,
        case
            when a.first is null or b.first is null then
                case when a.published is null or b.published is null then 'no day told'
                     when abs(a.published - b.published) <= 2 then 'published together'
                     when abs(a.published - b.published) <= 7 then 'published within a week'
                     else 'published apart' end
            when a.first <= b.last and b.first <= a.last then
                case when a.first = a.last and b.first = b.last then 'same day'
                     when a.first = b.first or a.last = b.last then 'days share an end'
                     else 'days overlap' end
            -- two figures alike, and the day is more likely misread than the event another
            when greatest(a.first - b.last, b.first - a.last) > 1 and len(list_intersect(a.shared, b.shared)) >= 2
                then 'days apart, figures alike'
            else case greatest(a.first - b.last, b.first - a.last)
                     when 1 then 'a day apart' when 2 then 'two days apart' when 3 then 'three days apart'
                     else case when greatest(a.first - b.last, b.first - a.last) <= 7
                               then 'up to a week apart' else 'further days apart' end end
        end as day,
        coalesce(spots.reason, 'place not told') as place,
        case
            when a.kind = 'other' or b.kind = 'other' then 'kind left open'
            when a.kind = b.kind then case when a.kind = 'ground_clash' then 'both fighting' else 'same kind' end
            when confused.one is not null then 'kinds often confused'
            else 'kinds differ'
        end as kind,
        coalesce(k.said, 'killed: not told by both') as killed,
        coalesce(w.said, 'wounded: not told by both') as wounded,
        case least(3, len(list_intersect(a.shared, b.shared)))
            when 0 then 'no figure shared' when 1 then 'one figure shared' when 2 then 'two figures shared'
            else 'three figures shared' end as figures,
        coalesce(sides.reason, 'accused not told by both') as accused,
        case when len(a.target) = 0 or len(b.target) = 0 then 'target not told by both'
             when list_has_any(a.target, b.target) then 'target words shared' else 'targets differ' end as target,
        case when list_has_any(a.weapon, b.weapon) then 'weapon words shared' else 'no weapon shared' end as weapon,
        len(list_filter(a.words, lambda word: list_contains(b.words, word))) as common,  -- a fifth of list_intersect's time
        len(a.words) + len(b.words) - common as every,
        -- who reports every day in the same words tells of another day, unless the dead are the same, too
        case when common >= 4 and common >= 0.6 * every
                  and (day not in ('days apart, figures alike', 'two days apart', 'three days apart', 'up to a week apart', 'further days apart')
                       or k.said like 'killed: the same%') then 'same wording'
             when common = 0 then 'no telling word shared' when common = 1 then 'one telling word shared'
             when common = 2 then 'two telling words shared' else 'three telling words shared' end as words
    from candidate
    join account a on a.n = l
    join account b on b.n = r
    left join spots on spots.x = a.spot and spots.y = b.spot
    left join sides on sides.x = a.sides and sides.y = b.sides
    left join confused on confused.one = a.kind and confused.other = b.kind
    left join tolls k on k.toll = 'killed' and k.x = a.killed and k.y = b.killed
    left join tolls w on w.toll = 'wounded' and w.x = a.wounded and w.y = b.wounded
    where not a.matter
)
select l, r, ld, rd,
    $base + w1.weight + w2.weight + w3.weight + w4.weight + w5.weight + w6.weight + w7.weight + w8.weight
          + w9.weight + w10.weight as sum,
    w1.code + w2.code + w3.code + w4.code + w5.code + w6.code + w7.code + w8.code + w9.code + w10.code as codes
from reasoned
join weight w1 on w1.reason = day
join weight w2 on w2.reason = place
join weight w3 on w3.reason = kind
join weight w4 on w4.reason = killed
join weight w5 on w5.reason = wounded
join weight w6 on w6.reason = figures
join weight w7 on w7.reason = accused
join weight w8 on w8.reason = target
join weight w9 on w9.reason = weapon
join weight w10 on w10.reason = words;

-- How well a pair does beside the best other pair that either account makes with the other's document: of two
-- raids told by one report at most one is the other report's.
create or replace temp table compared as
with made as (  -- the two best that an account makes with a document
    select n, document, max(sum, 2) as best
    from (select l as n, rd as document, sum from alone union all select r, ld, sum from alone)
    group by n, document
),
beside as (
    select l, r, sum, codes, greatest(
        case when sum = x.best[1] then x.best[2] else x.best[1] end,
        case when sum = y.best[1] then y.best[2] else y.best[1] end) as other
    from alone
    join made x on x.n = l and x.document = rd
    join made y on y.n = r and y.document = ld
),
judged as (
    select l, r, sum, codes,
        case when other is null or other < $hopeless then 'no other account to match'
             when sum - other > 200 then 'clearly the best match' when sum > other then 'the best match'
             when sum - other > -100 then 'another matches as well'
             when sum - other > -250 then 'another matches better'
             else 'another matches far better' end as rival
    from beside
)
select l, r, codes + code as codes, sum + weight as score
from judged
join weight on reason = rival
where sum + weight >= $least;
