-- Candidate pairs compared: the reason under each head, the sum of their weights, and how the pair stands beside
-- the other pairs of the same two documents.
-- Read: candidate (l, r, known: the reasons of places, of the dead, the wounded and the accused), here (the accounts
-- of these pairs).
-- A reason in braces is one number: its weight in hundredths times 2 ** 44, and its place under its head in four of
-- the bits below. So a sum of reasons is the sum of their weights, and tells which they were.
-- Makes: compared (l, r, codes of the reasons, score in hundredths), from a score of $least up.

-- All that numbers tell, and the most that lists could add: where no bit is shared, nothing in the list is. What can
-- be no more than a hopeless rival is left out.
create or replace temp table rough as
with beside as (
    select l, r, a.document as ld, b.document as rd, known,
        a.kind as kind, b.kind as other_kind, a.akin >> b.kind & 1 as akin,
        greatest(a.first - b.last, b.first - a.last) as gap,
        a.first = a.last and b.first = b.last as days, a.first = b.first or a.last = b.last as ends,
        abs(a.published - b.published) as published,
        a.shared_bits & b.shared_bits <> 0 as figures_meet,
        a.target_bits = 0 or b.target_bits = 0 as no_target, a.target_bits & b.target_bits <> 0 as targets_meet,
        a.weapon_bits & b.weapon_bits <> 0 as weapons_meet,
        -- the words most used are a bit each
        bit_count(a.often & b.often) + bit_count(a.often_too & b.often_too) as common, a.words + b.words as words,
        a.rare_bits & b.rare_bits <> 0 and a.rare_bits_too & b.rare_bits_too <> 0 as words_meet
    from candidate
    join here a on a.n = l
    join here b on b.n = r
    where a.matter = 0
),
weighed as (
    select l, r, ld, rd, gap, common, words, figures_meet, targets_meet, weapons_meet, words_meet,
        known >> $killed & 15 between 1 and 3 as same_dead,
        case
            when gap is null then
                case when published is null then {no day told}
                     when published <= 2 then {published together}
                     when published <= 7 then {published within a week}
                     else {published apart} end
            when gap <= 0 then
                case when days then {same day} when ends then {days share an end} else {days overlap} end
            when gap = 1 then {a day apart}
            when gap = 2 then {two days apart}
            when gap = 3 then {three days apart}
            when gap <= 7 then {up to a week apart}
            else {further days apart}
        end as day,
        known
        + case
            when kind = $other or other_kind = $other then {kind left open}
            when kind = other_kind then case when kind = $fighting then {both fighting} else {same kind} end
            when akin = 1 then {kinds often confused}
            else {kinds differ} end
        + case when no_target then {target not told by both} when targets_meet then 0 else {targets differ} end
        + case when weapons_meet then 0 else {no weapon shared} end as told
    from beside
),
bounded as (
    select *, $base + (told >> 44)
        + case when figures_meet and gap > 1 then greatest(day >> 44, {days apart, figures alike} >> 44) else day >> 44 end
        + case when figures_meet then $figures else {no figure shared} >> 44 end
        + case when targets_meet then $target else 0 end
        + case when weapons_meet then $weapon else 0 end
        + case when words_meet or common >= 3 then $words
               when common = 0 then {no telling word shared} >> 44 when common = 1 then {one telling word shared} >> 44
               else {two telling words shared} >> 44 end as bound
    from weighed
)
select * from bounded where bound >= least($hopeless, $least - $most);

-- The reasons under each head but the last, and their weights together, of the pairs that may reach what is asked
-- for and of their rivals.
create or replace temp table alone as
with met as (
    select (l::bigint << 32) + rd as one from rough where bound >= $least - $most
    union
    select (r::bigint << 32) + ld from rough where bound >= $least - $most
),
looked_at as (
    select rough.*,
        case when figures_meet then len(list_intersect(a.shared, b.shared)) else 0 end as shared,
        case when targets_meet
             then case when list_has_any(a.target, b.target) then {target words shared} else {targets differ} end
             else 0 end as target,
        case when weapons_meet
             then case when list_has_any(a.weapon, b.weapon) then {weapon words shared} else {no weapon shared} end
             else 0 end as weapon,
        common + case when words_meet then len(list_filter(a.rare, lambda word: list_contains(b.rare, word))) else 0 end as all_common
    from rough
    join here a on a.n = l
    join here b on b.n = r
    where (l::bigint << 32) + rd in (from met) or (r::bigint << 32) + ld in (from met)
),
reasoned as (
    select l, r, ld, rd, told + target + weapon
        -- two figures alike, and the day is more likely misread than the event another
        + case when gap > 1 and shared >= 2 then {days apart, figures alike} else day end
        + case shared when 0 then {no figure shared} when 1 then {one figure shared}
               when 2 then {two figures shared} else {three figures shared} end
        -- who reports every day in the same words tells of another day, unless the dead are the same, too
        + case when all_common >= 4 and all_common >= 0.6 * (words - all_common)
                    and (gap is null or gap <= 1 or same_dead) then {same wording}
               when all_common = 0 then {no telling word shared} when all_common = 1 then {one telling word shared}
               when all_common = 2 then {two telling words shared} else {three telling words shared} end as told
    from looked_at
)
select l, r, ld, rd, $base + (told >> 44) as sum, told & 17592186044415 as codes
from reasoned;

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
