-- What two accounts must share, and how near in time they must be, to be worth comparing.
-- Read: account (n, document, first, last, published, changed, province, matter), key (n, rule: its number, key).
-- Makes: rule, dated, undated, said; of the accounts from $start to $stop, after the first adding to them.
--
-- within       days between the two events, where both tell theirs
-- unpublished  days between the two reports, where one tells no day of its event; null: no pair then
-- A pair of which neither two days nor two publications are known is one only under a rule of words.

create or replace temp table rule as
select * from (values
    (1, 'place',             3, 60),
    (2, 'figure',           14, 60),
    (3, 'target',           14, 14),
    (4, 'kind in province',  3, 14),
    (5, 'kind',              2,  3),
    (6, 'province',          3, 7),
    (7, 'matter place',      3,  7),
    (8, 'matter word',       2,  2)
) as rules (number, rule, within, unpublished);  -- numbers: ``laid.RULES``

-- Each key once for every stretch of days in which a partner may lie, "own" where the event itself does. A pair is
-- found in an own stretch of one that the other reaches: so a key which stands in thousands of accounts ("killed in
-- Aleppo") is compared within days, not years, and a pair is hardly ever found twice under one key. What two must
-- share, rule, stretch and key, is one number, "meet"; a matter's kind goes with it (its number; 0 is harm), and under the rule of the kind
-- alone the province.
create or replace temp table dated as
with reached as (
    select k.n, k.key, a.document, a.changed, a.first, a.last, r.number, r.within::utinyint as within,
           case when r.rule = 'kind' then a.province end as province,
           a.matter,
           unnest(range((a.first - r.within) // (r.within + 1), (a.last + r.within) // (r.within + 1) + 1)) as stretch,
           stretch between a.first // (r.within + 1) and a.last // (r.within + 1) as own
    from key k join account a using (n) join rule r on r.number = k.rule
    where k.n >= $start and k.n < $stop and a.first is not null
)
select * exclude (key, number, stretch),
       (number::bigint << 52) + ((stretch + 64) << 32) + key as meet  -- 64: no stretch is below naught
from reached;

-- The same by days of publication, for pairs of which one at least tells no day of its own.
create or replace temp table undated as
with reached as (
    select k.n, k.key, a.document, a.changed, a.published, a.first is not null as told, r.number,
           r.unpublished::utinyint as unpublished,
           case when r.rule = 'kind' then a.province end as province,
           a.matter,
           unnest(range((a.published - r.unpublished) // (r.unpublished + 1),
                        (a.published + r.unpublished) // (r.unpublished + 1) + 1)) as stretch,
           stretch = a.published // (r.unpublished + 1) as own
    from key k join account a using (n) join rule r on r.number = k.rule
    where k.n >= $start and k.n < $stop and a.published is not null and r.unpublished is not null
)
select * exclude (key, number, stretch),
       (number::bigint << 52) + ((stretch + 64) << 32) + key as meet
from reached
where own or not told;  -- who tells no day looks for others, where they are

-- Who tells no day meets who was published on none, and who tells neither meets anyone: by what is said alone.
create or replace temp table said as
select k.n, a.document, a.changed, a.first is null as untold, a.published is null as bare,
       a.matter, (r.number::bigint << 52) + k.key as meet
from key k join account a using (n) join rule r on r.number = k.rule
where k.n >= $start and k.n < $stop and r.rule in ('place', 'figure', 'target', 'matter place', 'matter word')
  and exists (select 1 from account where published is null);
