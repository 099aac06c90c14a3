namespace Kuzzle.Edge.Hardware.I2c.Chips;

/// <summary>
/// The VOC index of Sensirion's published gas index algorithm, from the raw signal of an SGP40: 1 to 500, where 100 is what the air of this place is usually like, and more is
/// worse. It learns what is usual, within the first hour roughly, and then with a time constant of half a day; while the air is bad it learns nothing. The maker computes in
/// fixed point and scales some numbers for that, which falls away here.
/// </summary>
internal sealed class VocIndex
{
    /// <summary>What the maker's own program may be asked for: a measurement each second, to one in ten seconds.</summary>
    public static readonly TimeSpan MaxInterval = TimeSpan.FromSeconds(10);

    /// <summary>What is told during the first <see cref="Blackout"/> seconds, in which the sensor warms up.</summary>
    public const double NotYet = 0;

    /// <summary>After a longer pause what was usual before says nothing any more: it begins anew.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    private const double Blackout = 45; // s
    private const double LeastRaw = 20_000;
    private const double MostRaw = LeastRaw + 32_767;
    private const double GreatestRaw = 65_000; // Beyond it the signal is none.
    private const double FirstDeviation = 50;
    private const double DeviationBonus = 220;
    private const double Gain = 230;
    private const double LearningTime = 12 * 3600; // s, of mean and variance alike
    private const double FirstMeanTime = 20; // s
    private const double FirstVarianceTime = 2500; // s
    private const double MeanSettled = 0.75 * 3600; // s
    private const double VarianceSettled = 1.45 * 3600; // s
    private const double SettledSlope = 0.01;
    private const double GateAt = 340;
    private const double FirstGateAt = 510;
    private const double GateSlope = 0.09;
    private const double LongestGate = 180; // min
    private const double GateRecovery = 0.3;
    private const double MostIndex = 500;
    private const double IndexSlope = -0.0065;
    private const double IndexMiddle = 213;
    private const double FastTime = 20; // s
    private const double SlowTime = 500; // s
    private const double SmoothingSlope = -0.2;

    private DateTimeOffset? _last;
    private double _step = 1; // s
    private int _tooSlow;
    private double _uptime;
    private double _raw;
    private double _index;
    private double? _mean;
    private double _deviation = FirstDeviation;
    private double _learnt; // s, since learning began
    private double _gateOpen; // s, since learning was last allowed whatever the index says
    private double _gated; // min, that learning was held off
    private (double Fast, double Slow, double Shown)? _smooth;

    /// <summary>Takes a raw signal. The index; <see cref="NotYet"/> at first; not a number when it is asked more rarely than <see cref="MaxInterval"/>.</summary>
    public double Next(double raw, DateTimeOffset at)
    {
        if (!Step(at)) return double.NaN;

        if (_uptime <= Blackout)
        {
            _uptime += _step;
            return NotYet;
        }

        if (raw is > 0 and < GreatestRaw) _raw = Math.Clamp(raw, LeastRaw + 1, MostRaw) - LeastRaw;

        // The more gas, the less the raw signal. Before anything is learnt the first signal is compared with none.
        var distance = (_raw - (_mean ?? 0)) / -(_deviation + DeviationBonus) * Gain;
        _index = Math.Max(Smooth(MostIndex * Falling(distance, IndexMiddle, IndexSlope)), 0.5);
        if (_raw > 0) Learn();
        return Math.Floor(_index + 0.5);
    }

    /// <summary>The time since the last one. A clock that is set counts as a usual step; when it happens each time, it is asked too rarely.</summary>
    private bool Step(DateTimeOffset at)
    {
        var since = at - _last;
        _last = at;
        if (since is not { } step) return true;
        if (step > Forgotten) Forget();

        var isUsual = step > TimeSpan.Zero && step <= MaxInterval + TimeSpan.FromMilliseconds(500);
        _tooSlow = isUsual ? 0 : _tooSlow + 1;
        if (isUsual) _step = step.TotalSeconds;
        return _tooSlow < 2;
    }

    private void Forget()
    {
        (_uptime, _raw, _index, _mean, _deviation) = (0, 0, 0, null, FirstDeviation);
        (_learnt, _gateOpen, _gated, _smooth) = (0, 0, 0, null);
    }

    private void Learn()
    {
        if (_mean is not { } mean)
        {
            _mean = _raw;
            return;
        }

        _learnt += _step;
        _gateOpen += _step;
        var meanUnsettled = Falling(_learnt, MeanSettled, SettledSlope);
        var varianceUnsettled = Falling(_learnt, VarianceSettled, SettledSlope);

        // Bad air shall not become the usual one: the gate closes above a bound, which is higher at first, when the index says little yet.
        var gateAt = GateAt + ((FirstGateAt - GateAt) * Falling(_gateOpen, MeanSettled, SettledSlope));
        var gate = Falling(_index, gateAt, GateSlope);
        var usual = Weight(LearningTime);
        var meanWeight = gate * (usual + ((Weight(FirstMeanTime) - usual) * meanUnsettled));
        var varianceWeight = gate * (usual + ((Weight(FirstVarianceTime) - usual) * (varianceUnsettled - meanUnsettled)));

        // Nor may it be held off for ever: air that stays so for hours is how it is here.
        _gated = Math.Max(0, _gated + (_step / 60 * (((1 - gate) * (1 + GateRecovery)) - GateRecovery)));
        if (_gated > LongestGate) _gateOpen = 0;

        var difference = _raw - mean;
        _deviation = Math.Sqrt((1 - varianceWeight) * ((_deviation * _deviation) + (varianceWeight * difference * difference)));
        _mean = mean + (meanWeight * difference);
    }

    /// <summary>Quick where the index moves, slow where it only trembles.</summary>
    private double Smooth(double index)
    {
        var (fast, slow, shown) = _smooth ?? (index, index, index);
        fast += Weight(FastTime) * (index - fast);
        slow += Weight(SlowTime) * (index - slow);
        var time = ((SlowTime - FastTime) * Math.Exp(SmoothingSlope * Math.Abs(fast - slow))) + FastTime;
        shown += Weight(time) * (index - shown);
        _smooth = (fast, slow, shown);
        return shown;
    }

    /// <summary>How much one step weighs in an average with that time constant.</summary>
    private double Weight(double time) => _step / (time + _step);

    /// <summary>From 1 down to 0 around the middle; upwards with a negative slope.</summary>
    private static double Falling(double value, double middle, double slope) => 1 / (1 + Math.Exp(slope * (value - middle)));
}
