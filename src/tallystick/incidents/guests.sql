-- Which accounts of later windows may be a pair with an account at home in a window: those that share a key with
-- one, within the reach of its rule. More than the candidates of candidates.sql, never fewer.
-- Read: account (n, w: its window, the greatest number where it is at home in none), and of reach.sql dated,
-- undated, said.
-- Makes: guest (w, n).

create or replace temp table guest as
with at_home as (  -- each key once for a window, however many accounts there have it
    select distinct w, 'dated' as sort, meet, own, true as told, false as untold, false as bare
    from dated join account using (n) where own and w < 2147483647
    union all
    select distinct w, 'undated', meet, own, told, false, false
    from undated join account using (n) where w < 2147483647
    union all
    select distinct w, 'said', meet, true, true, untold, bare
    from said join account using (n) where w < 2147483647
)
select h.w, y.n
from at_home h join dated y using (meet) join account a on a.n = y.n
where h.sort = 'dated' and a.w > h.w
union  -- each once
select h.w, y.n
from at_home h join undated y using (meet) join account a on a.n = y.n
where h.sort = 'undated' and a.w > h.w
  and (h.own and not y.told or not h.told and y.own)  -- who tells no day looks for others, where they are
union
select h.w, y.n
from at_home h join said y using (meet) join account a on a.n = y.n
where h.sort = 'said' and a.w > h.w
  and (h.untold and y.bare or h.bare and y.untold or h.untold and h.bare or y.untold and y.bare);
