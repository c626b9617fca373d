-- Candidate pairs: accounts of two documents that share a key under a rule, near enough in time.
-- Read: rule, dated, undated, said, account, follows (kinds of matter that one may come under in two reports);
-- $start and $stop bound the lower document of a pair.
-- Makes: candidate (l, r), l < r, each pair once.

create or replace temp table candidate as
with met as (
    select x.n as x, y.n as y, x.rule
    from dated x
    join dated y on x.rule = y.rule and x.key = y.key and x.stretch = y.stretch
    where x.own and x.document < y.document and x.document >= $start and x.document < $stop and (x.changed or y.changed)
    union all
    select x.n, y.n, x.rule
    from undated x
    join undated y on x.rule = y.rule and x.key = y.key and x.stretch = y.stretch
    where x.own and not x.told and (y.told or x.document < y.document) and x.document <> y.document
      and least(x.document, y.document) >= $start and least(x.document, y.document) < $stop
      and (x.changed or y.changed)
    union all  -- in two parts: each is a join of few with many, which one with "or" is not
    select x.n, y.n, x.rule
    from said x
    join said y on x.rule = y.rule and x.key = y.key
    where x.untold and y.bare and x.document <> y.document
      and least(x.document, y.document) >= $start and least(x.document, y.document) < $stop
      and (x.changed or y.changed)
    union all
    select x.n, y.n, x.rule
    from said x
    join said y on x.rule = y.rule and x.key = y.key
    where x.untold and x.bare and x.document <> y.document
      and least(x.document, y.document) >= $start and least(x.document, y.document) < $stop
      and (x.changed or y.changed)
)
select distinct least(m.x, m.y) as l, greatest(m.x, m.y) as r
from met m
join account a on a.n = m.x
join account b on b.n = m.y
join rule using (rule)
left join follows f on f.one = a.kind and f.other = b.kind
where (rule not like 'matter%' or a.kind = b.kind or f.one is not null)
  -- one report's province is another's suburb: of one day both are looked at, of two only what one province holds
  and (rule <> 'kind' or a.province is null or b.province is null or a.province = b.province or a.first = b.first)
  and case
        when a.first is not null and b.first is not null
            then greatest(0, a.first - b.last, b.first - a.last) <= within
        when a.published is not null and b.published is not null
            then abs(a.published - b.published) <= unpublished
        else true  -- brought together by a rule of words
      end;
