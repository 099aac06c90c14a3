using System.Text;
using Kuzzle.Edge.Koncorde.Conditions;

namespace Kuzzle.Edge.Koncorde.Geography;

/// <summary>Between two parallels and two meridians; over the antimeridian when the right one is beyond 180.</summary>
internal sealed class GeoBox(double top, double left, double bottom, double right) : GeoShape
{
    public double Top => top;

    public double Left => left;

    public double Bottom => bottom;

    public double Right => right;

    public override GeoBounds Bounds => new(bottom, top, left, Math.Min(right - left, 360));

    public override bool Contains(in GeoLocation location)
    {
        var point = location.Point;
        if (point.Latitude < bottom || point.Latitude > top) return false;

        var east = point.Longitude - left;
        if (east is < 0 or >= 360) east -= 360 * Math.Floor(east / 360);
        return east <= right - left;
    }

    public override void AppendTo(StringBuilder output, string field) => output
        .Append("{\"geoBoundingBox\":{").Append(field)
        .Append(":{\"bottom\":").Append(Scalar.Format(bottom))
        .Append(",\"left\":").Append(Scalar.Format(left))
        .Append(",\"right\":").Append(Scalar.Format(right))
        .Append(",\"top\":").Append(Scalar.Format(top))
        .Append("}}}");
}
