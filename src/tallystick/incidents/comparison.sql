-- Candidate pairs compared: the reason under each head, the sum of their weights, and how the pair stands beside
-- the other pairs of the same two documents.
-- Read: candidate, account, figure (toll, n, low, high, most, vague), spots and sides (x, y, reason: of every two
-- that meet), weight (reason, weight: hundredths, so that sums are exact in any order).
-- Makes: compared (l, r, a column of reasons for each head, score in hundredths).

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
select toll, x, y, min_by(said, place) as said
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

create or replace temp table reasoned as
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
    'killed: ' || coalesce(k.said, 'not told by both') as killed,
    'wounded: ' || coalesce(w.said, 'not told by both') as wounded,
    case least(3, len(list_intersect(a.shared, b.shared)))
        when 0 then 'no figure shared' when 1 then 'one figure shared' when 2 then 'two figures shared'
        else 'three figures shared' end as figures,
    coalesce(sides.reason, 'accused not told by both') as accused,
    case when len(a.target) = 0 or len(b.target) = 0 then 'target not told by both'
         when list_has_any(a.target, b.target) then 'target words shared' else 'targets differ' end as target,
    case when list_has_any(a.weapon, b.weapon) then 'weapon words shared' else 'no weapon shared' end as weapon,
    len(list_intersect(a.words, b.words)) as common, len(a.words) + len(b.words) - common as every,
    case when common >= 4 and common >= 0.6 * every then 'same wording'
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
where not a.matter;

-- The weights of the two accounts alone; then how well the pair does beside the best other pair that either
-- account makes with the other's document: of two raids told by one report at most one is the other report's.
create or replace temp table compared as
with alone as (
    select *, $base
        + (select weight from weight where reason = day) + (select weight from weight where reason = place)
        + (select weight from weight where reason = kind) + (select weight from weight where reason = killed)
        + (select weight from weight where reason = wounded) + (select weight from weight where reason = figures)
        + (select weight from weight where reason = accused) + (select weight from weight where reason = target)
        + (select weight from weight where reason = weapon) + (select weight from weight where reason = words)
        as sum
    from reasoned
),
ranked as (
    select *,
        row_number() over (partition by l, rd order by sum desc, r) as l_rank,
        max(sum) over (partition by l, rd) as l_best,
        nth_value(sum, 2) over (partition by l, rd order by sum desc, r
                                rows between unbounded preceding and unbounded following) as l_second,
        row_number() over (partition by r, ld order by sum desc, l) as r_rank,
        max(sum) over (partition by r, ld) as r_best,
        nth_value(sum, 2) over (partition by r, ld order by sum desc, l
                                rows between unbounded preceding and unbounded following) as r_second
    from alone
),
beside as (
    select *, sum - greatest(
        case when l_rank = 1 then l_second else l_best end,
        case when r_rank = 1 then r_second else r_best end) as margin,
        greatest(case when l_rank = 1 then l_second else l_best end,
                 case when r_rank = 1 then r_second else r_best end) as other
    from ranked
)
select l, r, day, place, kind, killed, wounded, figures, accused, target, weapon, words,
    case when other is null or other < $hopeless then 'no other account to match'
         when margin > 200 then 'clearly the best match' when margin > 0 then 'the best match'
         when margin > -100 then 'another matches as well' when margin > -250 then 'another matches better'
         else 'another matches far better' end as rival,
    sum + (select weight from weight where reason = rival) as score
from beside;
