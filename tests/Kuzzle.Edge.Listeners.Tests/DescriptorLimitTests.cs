
namespace Kuzzle.Edge.Listeners.Tests;

public sealed class DescriptorLimitTests
{
    [Fact]
    public void Connections_leave_files_for_everything_else()
    {
        var granted = DescriptorLimit.ForConnections(int.MaxValue);

        granted.ShouldBeInRange(1, int.MaxValue - 1);
        DescriptorLimit.ForConnections(granted).ShouldBe(granted);
        DescriptorLimit.ForConnections(1).ShouldBe(1);
    }
}
