using Kuzzle.Edge.Devices.Registry;

namespace Kuzzle.Edge.Devices.Tests.Registry;

public sealed class RegistryNamesTests
{
    [Theory]
    [InlineData("temperature", "temperature", "it is one already")]
    [InlineData("Hall 3/Größe", "hall-3-größe", "lower case, and without what Kuzzle forbids")]
    [InlineData("_all", "-_all", "Kuzzle means all collections")]
    [InlineData("kuzzle", "-kuzzle", "Kuzzle's own")]
    [InlineData("a\u0001b", "a-b", "a control character")]
    public void A_channel_becomes_a_name_that_Kuzzle_lets_a_collection_have(string channel, string name, string because) => RegistryNames.CollectionOf(channel).ShouldBe(name, because);

    [Theory]
    [InlineData(122, "😀")]
    [InlineData(123, "")]
    [InlineData(125, "")]
    [InlineData(126, "")]
    public void A_long_channel_is_cut_between_two_characters(int letters, string left)
    {
        var name = RegistryNames.CollectionOf(new string('a', letters) + "😀" + new string('b', 60_000));

        name.ShouldBe(new string('a', letters) + left);
    }
}
