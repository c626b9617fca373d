-- Candidate pairs compared: the reason under each head, the sum of their weights, and how the pair stands beside
-- the other pairs of the same two documents.
-- Read: candidate (l, r, place: the reason of the two places), here (the accounts of these pairs), figure (toll, n,
-- low, high, most, vague), sides (x, y, reason: of every two that meet).
-- A reason in braces is one number: its weight in hundredths times 2 ** 44, and its place under its head in four of
-- the bits below. So a sum of reasons is the sum of their weights, and tells which they were.
-- Makes: compared (l, r, codes of the reasons, score in hundredths), from a score of $least up.

-- What two accounts say of one kind of toll: the strongest that can be said of any two of their figures.
create or replace temp table tolls as
with met as (
    select distinct 'killed' as toll, a.killed as x, b.killed as y
    from candidate join here a on a.n = l join here b on b.n = r
    where a.killed is not null and b.killed is not null
    union all
    select distinct 'wounded', a.wounded, b.wounded
    from candidate join here a on a.n = l join here b on b.n = r
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
),
best as (
    select toll, x, y, min(case
        when (equal or number_shared) and pv and qv then 3
        when equal or number_shared then case when more >= $large then 0 when more >= $middle then 1 else 2 end
        when pv or qv then 5
        when can_both and more <= 2 * fewer + 3 then 3
        when can_both then 6
        when more - fewer <= greatest(2, more / 4) then 4
        else 7 end) as said
    from each
    group by toll, x, y
)
select toll, x, y, said <= 2 as same, case toll when 'killed'
    then case said
        when 0 then {killed: the same, eight or more} when 1 then {killed: the same, three to seven}
        when 2 then {killed: the same, one or two} when 3 then {killed: both can be true}
        when 4 then {killed: close} when 5 then {killed: too vague to tell}
        when 6 then {killed: both can be true, far apart} else {killed: differ} end
    else case said
        when 0 then {wounded: the same, eight or more} when 1 then {wounded: the same, three to seven}
        when 2 then {wounded: the same, one or two} when 3 then {wounded: both can be true}
        when 4 then {wounded: close} when 5 then {wounded: too vague to tell}
        when 6 then {wounded: both can be true, far apart} else {wounded: differ} end
    end as reason
from best;

-- The reasons under each head but the last, and their weights together. What is further down than it may be as a
-- pair, and than a rival may be, is left out here.
create or replace temp table alone as
with beside as (
    select l, r, a.document as ld, b.document as rd, place, a.kind as kind, b.kind as other_kind, a.akin >> b.kind & 1 as akin,
        greatest(a.first - b.last, b.first - a.last) as gap,
        a.first as first, a.last as last, b.first as other_first, b.last as other_last,
        abs(a.published - b.published) as published,
        case when a.shared_bits & b.shared_bits = 0 then 0 else len(list_intersect(a.shared, b.shared)) end as shared,
        k.reason as killed, coalesce(k.same, false) as killed_same, w.reason as wounded, sides.reason as sides,
        case when len(a.target) = 0 or len(b.target) = 0 then {target not told by both}
             when a.target_bits & b.target_bits <> 0 and list_has_any(a.target, b.target) then {target words shared}
             else {targets differ} end as target,
        case when a.weapon_bits & b.weapon_bits <> 0 and list_has_any(a.weapon, b.weapon)
             then {weapon words shared} else {no weapon shared} end as weapon,
        -- the words most used are a bit each; the others are looked at only where their bits meet
        bit_count(a.often & b.often) + bit_count(a.often_too & b.often_too)
          + case when a.rare_bits & b.rare_bits = 0 and a.rare_bits_too & b.rare_bits_too = 0 then 0
                 else len(list_filter(a.rare, lambda word: list_contains(b.rare, word))) end as common,
        a.words + b.words - common as every
    from candidate
    join here a on a.n = l
    join here b on b.n = r
    left join sides on sides.x = a.sides and sides.y = b.sides
    left join tolls k on k.toll = 'killed' and k.x = a.killed and k.y = b.killed
    left join tolls w on w.toll = 'wounded' and w.x = a.wounded and w.y = b.wounded
    where a.matter = 0
),
reasoned as (
    select l, r, ld, rd,
        case
            when gap is null then
                case when published is null then {no day told}
                     when published <= 2 then {published together}
                     when published <= 7 then {published within a week}
                     else {published apart} end
            when gap <= 0 then
                case when first = last and other_first = other_last then {same day}
                     when first = other_first or last = other_last then {days share an end}
                     else {days overlap} end
            -- two figures alike, and the day is more likely misread than the event another
            when gap > 1 and shared >= 2 then {days apart, figures alike}
            when gap = 1 then {a day apart}
            when gap = 2 then {two days apart}
            when gap = 3 then {three days apart}
            when gap <= 7 then {up to a week apart}
            else {further days apart}
        end
        + coalesce(place, {place not told})
        + case
            when kind = $other or other_kind = $other then {kind left open}
            when kind = other_kind then case when kind = $fighting then {both fighting} else {same kind} end
            when akin = 1 then {kinds often confused}
            else {kinds differ} end
        + coalesce(killed, {killed: not told by both})
        + coalesce(wounded, {wounded: not told by both})
        + case shared when 0 then {no figure shared} when 1 then {one figure shared}
               when 2 then {two figures shared} else {three figures shared} end
        + coalesce(sides, {accused not told by both})
        + target + weapon
        -- who reports every day in the same words tells of another day, unless the dead are the same, too
        + case when common >= 4 and common >= 0.6 * every and (gap is null or gap <= 1 or killed_same)
                    then {same wording}
               when common = 0 then {no telling word shared} when common = 1 then {one telling word shared}
               when common = 2 then {two telling words shared} else {three telling words shared} end as told
    from beside
)
select l, r, ld, rd, $base + (told >> 44) as sum, told & 17592186044415 as codes
from reasoned
where $base + (told >> 44) >= least($hopeless, $least - $most);

-- How well a pair does beside the best other pair that either account makes with the other's document: of two
-- raids told by one report at most one is the other report's.
create or replace temp table compared as
with kept as (select * from alone where sum >= $least - $most),
rivals as (
    select kept.l, kept.r, o.sum from kept join alone o on o.l = kept.l and o.rd = kept.rd and o.r <> kept.r
    union all
    select kept.l, kept.r, o.sum from kept join alone o on o.r = kept.l and o.ld = kept.rd and o.l <> kept.r
    union all
    select kept.l, kept.r, o.sum from kept join alone o on o.l = kept.r and o.rd = kept.ld and o.r <> kept.l
    union all
    select kept.l, kept.r, o.sum from kept join alone o on o.r = kept.r and o.ld = kept.ld and o.l <> kept.l
),
beside as (
    select l, r, kept.sum, codes, other
    from kept left join (select l, r, max(sum) as other from rivals group by l, r) using (l, r)
),
judged as (
    select l, r, sum, codes,
        case when other is null or other < $hopeless then {no other account to match}
             when sum - other > 200 then {clearly the best match} when sum > other then {the best match}
             when sum - other > -100 then {another matches as well}
             when sum - other > -250 then {another matches better}
             else {another matches far better} end as rival
    from beside
)
select l, r, codes + (rival & 17592186044415) as codes, sum + (rival >> 44) as score
from judged
where sum + (rival >> 44) >= $least;
