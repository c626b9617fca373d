-- What two accounts say of one kind of toll: the strongest that can be said of any two of their figures.
-- Read: met (i, x, y: of every two that meet), figure (toll, n, low, high, most, vague); $toll is the kind.
-- Makes: tolls (i, said), from 0, the same great figure, to 7, figures that differ.

create or replace temp table tolls as
with each as (
    select i,
           greatest(p.most, q.most) as more, least(p.most, q.most) as fewer,
           p.vague as pv, q.vague as qv,
           -- an open bound is null: two counts can both be true where the intervals meet
           coalesce(p.low, 0) <= coalesce(q.high, 2147483647)
             and coalesce(q.low, 0) <= coalesce(p.high, 2147483647) as can_both,
           p.low is not distinct from q.low and p.high is not distinct from q.high as equal,
           coalesce(p.low in (q.low, q.high) or p.high in (q.low, q.high), false) as number_shared
    from met
    join figure p on p.n = met.x
    join figure q on q.n = met.y
    where p.toll = '$toll' and q.toll = '$toll'
)
select i, min(case
    when (equal or number_shared) and pv and qv then 3
    when equal or number_shared then case when more >= $large then 0 when more >= $middle then 1 else 2 end
    when pv or qv then 5
    when can_both and more <= 2 * fewer + 3 then 3
    when can_both then 6
    when more - fewer <= greatest(2, more / 4) then 4
    else 7 end)::int as said
from each
group by i;
