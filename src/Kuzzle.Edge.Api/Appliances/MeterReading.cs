namespace Kuzzle.Edge.Api.Appliances;

/// <summary>What an instrument has measured so far, for one set of tags.</summary>
internal sealed class MeterReading
{
    public long Count { get; set; }

    /// <summary>The last time all were asked that it was told at.</summary>
    public long Round { get; set; }

    public double Sum { get; set; }

    public double Last { get; set; }

    public double Max { get; set; } = double.NegativeInfinity;
}
