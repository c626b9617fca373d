-- Candidate pairs: accounts of two documents that share a key under a rule, near enough in time.
-- Read: rule, dated, undated, account; $start and $stop bound the lower document of a pair.
-- Makes: candidate (l, r), l < r, each pair once.

create or replace temp table candidate as
with met as (
    select x.n as one, y.n as other, x.rule
    from dated x
    join dated y on x.rule = y.rule and x.key = y.key and x.stretch = y.stretch
    where x.document < y.document and x.document >= $start and x.document < $stop and (x.changed or y.changed)
    union all
    select x.n, y.n, x.rule
    from undated x
    join undated y on x.rule = y.rule and x.key = y.key and x.stretch = y.stretch
    where not x.told and (y.told or x.document < y.document) and x.document <> y.document
      and least(x.document, y.document) >= $start and least(x.document, y.document) < $stop
      and (x.changed or y.changed)
)
select distinct least(one, other) as l, greatest(one, other) as r
from met m
join account a on a.n = one
join account b on b.n = other
join rule using (rule)
where (rule not like 'matter%' or a.kind = b.kind)
  -- one report's province is another's suburb: of one day both are looked at, of two only what one province holds
  and (rule <> 'kind' or a.province is null or b.province is null or a.province = b.province or a.first = b.first)
  and case
        when a.first is not null and b.first is not null
            then greatest(0, a.first - b.last, b.first - a.last) <= within
        when a.published is not null and b.published is not null
            then abs(a.published - b.published) <= unpublished
        else a.published is null and b.published is null
      end;
