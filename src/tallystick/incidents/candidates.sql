-- Candidate pairs: accounts of two documents that share a key under a rule, near enough in time.
-- Read: rule, reached, account; $start and $stop bound the lower document of a pair.
-- Makes: candidate (l, r), l < r, each pair once.

create or replace temp table candidate as
with met as (
    select distinct least(x.n, y.n) as l, greatest(x.n, y.n) as r, x.rule
    from reached x
    join reached y
      on x.rule = y.rule and x.key = y.key and x.undated = y.undated
     and (x.stretch = y.stretch or x.stretch is null)
     and x.document < y.document
    where x.document >= $start and x.document < $stop and (x.changed or y.changed)
)
select distinct m.l, m.r
from met m
join account a on a.n = m.l
join account b on b.n = m.r
join rule using (rule)
where (rule not like 'matter%' or a.kind = b.kind)
  and (rule <> 'kind' or a.province is null or b.province is null or a.province = b.province)
  and case
        when a.first is not null and b.first is not null
            then greatest(0, a.first - b.last, b.first - a.last) <= within
        when a.published is not null and b.published is not null
            then abs(a.published - b.published) <= unpublished
        else a.published is null and b.published is null
      end;
