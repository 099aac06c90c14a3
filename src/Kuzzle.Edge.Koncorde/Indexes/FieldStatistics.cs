using System.Numerics;
using System.Text.Json;
using Kuzzle.Edge.Koncorde.Conditions;
using Kuzzle.Edge.Koncorde.Filters;

namespace Kuzzle.Edge.Koncorde.Indexes;

/// <summary>
/// What all filters together want of one field, to guess what documents hold there. Only the order of the guesses matters: filters are entered under what
/// they want most rarely.
/// </summary>
internal sealed class FieldStatistics
{
    private const int SketchBits = 256;

    // Values are found at once and ranges are then checked in passing; the other way round costs more.
    private const double RangeHandicap = 1.5;

    // A bit for the hash of every value wanted; how many are set tells how many values differ, up to about a thousand.
    private readonly ulong[] _values = new ulong[SketchBits / 64];
    private readonly ulong[] _members = new ulong[SketchBits / 64];
    private double _least = double.PositiveInfinity;
    private double _greatest = double.NegativeInfinity;

    public void Add(Literal literal)
    {
        switch (literal.Condition)
        {
            case EqualsCondition { Value: var value }: Mark(_values, value); break;
            case MemberCondition { Value: var value }: Mark(_members, value); break;
            case MatchCondition { Wanted: WantedArray { FirstScalar: { } value } }: Mark(_members, value); break;
            case RangeCondition { Interval: var interval }: Widen(interval.Low); Widen(interval.High); break;
            default: break;
        }
    }

    /// <summary>A guess of the share of documents that fulfil a literal, at most 1; infinite when filters cannot be found by it.</summary>
    public double ShareOf(Literal literal) => (literal.Condition, literal.IsNegated) switch
    {
        (EqualsCondition { Value.Kind: JsonValueKind.String or JsonValueKind.Number }, false) => 1.0 / (1 + CountOf(_values)),
        (EqualsCondition, false) => 0.4,
        (MemberCondition or MatchCondition { Wanted: WantedArray { FirstScalar: not null } }, false) => 2.0 / (3 + CountOf(_members)),
        (MatchCondition, false) => 0.7,
        (RangeCondition range, false) => Math.Min(RangeHandicap * ShareOf(range.Interval), 1),
        (RangeCondition { Interval: { Low: not double.NaN, High: not double.NaN } }, true) => 0.9,
        (GeoCondition geo, false) => GeoGrid.ShareOf(geo.Shape),
        (SelectCondition, false) => 0.6,
        (RegexpCondition, false) => 0.5,
        (RegexpCondition, true) => 0.95,
        (ExistsCondition, false) => 0.8,
        (ExistsCondition, true) => 0.3,
        _ => double.PositiveInfinity,
    };

    private static void Mark(ulong[] sketch, Scalar value)
    {
        var bit = (uint)value.GetHashCode() % SketchBits;
        sketch[bit / 64] |= 1UL << (int)(bit % 64);
    }

    /// <summary>Linear counting: so many bits are still clear, so many values must have come.</summary>
    private static double CountOf(ulong[] sketch)
    {
        var set = 0;
        foreach (var word in sketch) set += BitOperations.PopCount(word);
        return SketchBits * Math.Log((double)SketchBits / Math.Max(SketchBits - set, 1));
    }

    private double ShareOf(Interval interval)
    {
        var extent = _greatest - _least;
        if (!(extent > 0)) return 0.5;

        var width = Math.Min(interval.High, _greatest) - Math.Max(interval.Low, _least);
        return double.IsNaN(width) ? 0 : Math.Clamp(width / extent, 0, 1);
    }

    private void Widen(double bound)
    {
        if (!double.IsFinite(bound)) return;

        _least = Math.Min(_least, bound);
        _greatest = Math.Max(_greatest, bound);
    }
}
