using System.Text.Json;

namespace LmPlayground.Runs.Tests.Requests;

/// <summary>Every setting there is, through the address, JSON and arguments and back.</summary>
public class RoundTripTests
{
    public static TheoryData<string> Settings => [.. RunSettings.All.Select(setting => setting.Name)];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Any_value_of_a_setting_comes_back_and_is_another_choice(string name)
    {
        var setting = RunSettings.Find(name)!;
        var any = new AnyRequest(new Random(7));
        for (var i = 0; i < 50; i++)
        {
            var request = AnyRequest.Named(any.With(new RunRequest(), setting));
            Assert.True(request.Has(setting));
            AssertComesBack(request);
            Assert.NotEqual(request, request.Without(setting));
            Assert.Equal(request, request.Without(setting).With(setting, request.Chosen.Single(chosen => chosen.Setting == setting).Value));
        }
    }

    [Fact]
    public void Any_request_comes_back()
    {
        var any = new AnyRequest(new Random(20_260_101));
        for (var i = 0; i < 500; i++)
            AssertComesBack(any.Next());
    }

    [Fact]
    public void Requests_that_differ_in_one_value_differ()
    {
        var any = new AnyRequest(new Random(3));
        foreach (var setting in RunSettings.All)
        {
            var (one, other) = (any.ValueOf(setting), any.ValueOf(setting));
            Assert.Equal(one.Equals(other), new RunRequest().With(setting, one).Equals(new RunRequest().With(setting, other)));
        }
    }

    [Fact]
    public void Names_and_options_are_distinct()
    {
        Assert.Distinct(RunSettings.All.Select(setting => setting.Name));
        Assert.Distinct(RunSettings.All.Select(setting => setting.CommandLineName));
        Assert.All(RunSettings.All, setting => Assert.NotEmpty(setting.Help));
    }

    private static void AssertComesBack(RunRequest request)
    {
        AssertIs(request, RunQuery.Read(RunQuery.Write(request)));
        AssertIs(request, RunJson.Read(JsonSerializer.SerializeToElement(RunJson.Write(request))));
        AssertIs(request, RunArguments.Read(
            new RunRequest(), request.Chosen.Select(chosen => (chosen.Setting, chosen.Setting.Write(chosen.Value))), setting => setting.CommandLineName));
        Assert.Equal(request, JsonSerializer.Deserialize<RunRequest>(JsonSerializer.Serialize(request)));
    }

    private static void AssertIs(RunRequest request, RunReading reading)
    {
        Assert.Empty(reading.Problems);
        Assert.Equal(request, reading.Request);
        Assert.Equal(request.GetHashCode(), reading.Request.GetHashCode());
        Assert.Equal(request.ToString(), reading.Request.ToString());
    }
}
