using System.Text.Json;
using Kuzzle.Edge.Koncorde.Conditions;
using Kuzzle.Edge.Koncorde.Documents;
using Kuzzle.Edge.Koncorde.Filters;
using Kuzzle.Edge.Koncorde.Regexps;

namespace Kuzzle.Edge.Koncorde.Indexes;

/// <summary>The filters that are found by what a document holds under one name, or by its holding nothing there.</summary>
internal sealed class FieldIndex(DocumentFields fields, DocumentField field)
{
    private ScalarTable? _values;
    private ScalarTable? _members;
    private IntervalTable? _ranges;
    private GeoGrid? _shapes;
    private SelectTable? _selects;
    private Dictionary<Regexp, RegexpProbe>? _regexps;
    private Dictionary<Regexp, RegexpProbe>? _soughtRegexps; // those by which filters are found
    private Postings _present;
    private Postings _absent;
    private Postings _notNumbers;
    private int _unmatched; // filters that a regexp must not match

    /// <summary>Whether some filters are found by the value's absence, or by its being of another type.</summary>
    public bool IsAskedWhenAbsent => !_absent.IsEmpty || !_notNumbers.IsEmpty || _unmatched > 0;

    /// <summary>Whether being found by a literal proves it.</summary>
    public static bool IsProof(Literal literal) => literal.Condition is not MatchCondition;

    public void Add(Literal literal, int posting)
    {
        switch (literal.Condition)
        {
            case EqualsCondition equals: (_values ??= new ScalarTable()).Add(equals.Value, posting); break;
            case MemberCondition member: (_members ??= new ScalarTable()).Add(member.Value, posting); break;
            case MatchCondition { Wanted: WantedArray { FirstScalar: { } scalar } }: (_members ??= new ScalarTable()).Add(scalar, posting); break;
            case RangeCondition range: AddRange(range.Interval, literal.IsNegated, posting); break;
            case GeoCondition geo: (_shapes ??= new GeoGrid()).Add(geo.Shape, posting); break;
            case SelectCondition select: (_selects ??= new SelectTable()).Add(select, posting); break;
            case RegexpCondition regexp: AddRegexp(regexp.Regexp, literal.IsNegated, posting); break;
            default: PresenceOf(literal).Add(posting); break;
        }
    }

    public void Remove(Literal literal, int posting)
    {
        switch (literal.Condition)
        {
            case EqualsCondition equals: _values!.Remove(equals.Value, posting); break;
            case MemberCondition member: _members!.Remove(member.Value, posting); break;
            case MatchCondition { Wanted: WantedArray { FirstScalar: { } scalar } }: _members!.Remove(scalar, posting); break;
            case RangeCondition range: RemoveRange(range.Interval, literal.IsNegated, posting); break;
            case GeoCondition geo: _shapes!.Remove(geo.Shape, posting); break;
            case SelectCondition select: _selects!.Remove(select, posting); break;
            case RegexpCondition regexp: RemoveRegexp(regexp.Regexp, literal.IsNegated, posting); break;
            default: PresenceOf(literal).Remove(posting); break;
        }
    }

    /// <summary>The shared run of an expression on this field.</summary>
    public RegexpProbe UseRegexp(Regexp regexp)
    {
        _regexps ??= [];
        if (!_regexps.TryGetValue(regexp, out var probe)) _regexps.Add(regexp, probe = new RegexpProbe(fields, field, regexp));
        probe.Uses++;
        return probe;
    }

    public void ReleaseRegexp(Regexp regexp)
    {
        if (--_regexps![regexp].Uses == 0) _regexps.Remove(regexp);
    }

    /// <summary>Fires the filters that the present value leads to.</summary>
    public void Fire(ExpressionIndex sink)
    {
        _present.Fire(sink);
        switch (field.Kind)
        {
            case JsonValueKind.String:
                _values?.FireText(field.Text, sink);
                if (_soughtRegexps is not null) FireRegexps(sink);
                break;
            case JsonValueKind.Number:
                _values?.FireNumber(field.Number, sink);
                _ranges?.Fire(field.Number, sink);
                break;
            case JsonValueKind.Array:
                FireMembers(sink);
                _selects?.Fire(field, sink);
                break;
            default:
                _values?.FireOther(field.Kind, sink);
                break;
        }

        if (_shapes is { Count: > 0 } && field.TryGetLocation(out var location)) _shapes.Fire(location, sink);
    }

    /// <summary>Fires the filters that look for an absent value, or one of another type.</summary>
    public void FireAbsent(ExpressionIndex sink)
    {
        if (!field.IsPresent) _absent.Fire(sink);
        if (!field.IsPresent || field.Kind != JsonValueKind.Number) _notNumbers.Fire(sink);
        if (_unmatched == 0 || (field.IsPresent && field.Kind == JsonValueKind.String)) return;

        foreach (var probe in _soughtRegexps!.Values) probe.Others.Fire(sink);
    }

    private void FireRegexps(ExpressionIndex sink)
    {
        foreach (var probe in _soughtRegexps!.Values)
        {
            if (probe.Holds()) probe.Matching.Fire(sink);
            else probe.Others.Fire(sink);
        }
    }

    private void FireMembers(ExpressionIndex sink)
    {
        if (_members is null || _members.IsEmpty) return;

        foreach (var element in field.Value.EnumerateArray())
        {
            if (!Scalar.TryRead(element, out var scalar)) continue;

            if (scalar.Kind == JsonValueKind.String) _members.FireText(scalar.Text.Span, sink);
            else if (scalar.Kind == JsonValueKind.Number) _members.FireNumber(scalar.Number, sink);
            else _members.FireOther(scalar.Kind, sink);
        }
    }

    private void AddRange(Interval interval, bool isNegated, int posting)
    {
        foreach (var part in isNegated ? interval.Others() : [interval]) (_ranges ??= new IntervalTable()).Add(part, posting);
        if (isNegated) _notNumbers.Add(posting);
    }

    private void RemoveRange(Interval interval, bool isNegated, int posting)
    {
        foreach (var part in isNegated ? interval.Others() : [interval]) _ranges!.Remove(part, posting);
        if (isNegated) _notNumbers.Remove(posting);
    }

    private void AddRegexp(Regexp regexp, bool isNegated, int posting)
    {
        var probe = UseRegexp(regexp);
        _soughtRegexps ??= [];
        _soughtRegexps.TryAdd(regexp, probe);
        if (isNegated) probe.Others.Add(posting);
        else probe.Matching.Add(posting);
        if (isNegated) _unmatched++;
    }

    private void RemoveRegexp(Regexp regexp, bool isNegated, int posting)
    {
        var probe = _regexps![regexp];
        if (isNegated) probe.Others.Remove(posting);
        else probe.Matching.Remove(posting);
        if (isNegated) _unmatched--;
        if (probe.Matching.IsEmpty && probe.Others.IsEmpty) _soughtRegexps!.Remove(regexp);
        ReleaseRegexp(regexp);
    }

    /// <summary>Where the filters stand that only ask whether there is a value, or can be found no better than by that.</summary>
    private ref Postings PresenceOf(Literal literal)
    {
        if (literal is { Condition: ExistsCondition, IsNegated: true }) return ref _absent;

        return ref _present;
    }
}
