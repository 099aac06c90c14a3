using Kuzzle.Edge.Koncorde.Regexps;

namespace Kuzzle.Edge.Koncorde.Indexes;

/// <summary>A regular expression matches, or does not. Its run is shared by all filters that hold it.</summary>
internal sealed class RegexpPlan(FieldIndex index, Regexp regexp, bool isNegated) : Plan
{
    private readonly RegexpProbe _probe = index.UseRegexp(regexp);

    public override bool Holds() => _probe.Holds() != isNegated;

    public override void Release() => index.ReleaseRegexp(regexp);
}
