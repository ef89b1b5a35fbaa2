package dev.hearth.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.Client;
import dev.hearth.HearthTest;
import dev.hearth.model.ModelName;
import dev.hearth.model.ModelVersion;
import dev.hearth.model.Models;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@HearthTest
class LoadedModelsTest {

    private static final ModelName NAME = new ModelName("loaded-iris");

    @Autowired Client client;
    @Autowired Models models;
    @Autowired ModelLoader loader;
    @Autowired ServingSettings settings;

    @Test
    void whatAliasesNameIsTheLastToGo() {
        new IrisVersions(client, NAME.value()).train();
        List<ModelVersion> versions = versions();
        var loaded = roomForTwo();
        loaded.load(versions.get(0));
        loaded.load(versions.get(1));
        loaded.prefer(Set.of(new Models.Place(NAME, 1)));

        loaded.load(versions.get(2));

        assertThat(loaded.isLoaded(NAME, 1)).isTrue(); // the least recently used
        assertThat(loaded.isLoaded(NAME, 2)).isFalse();

        loaded.prefer(Set.of(new Models.Place(NAME, 1), new Models.Place(NAME, 3)));
        loaded.load(versions.get(1));

        assertThat(loaded.isLoaded(NAME, 2)).isTrue();
        assertThat(loaded.size()).isEqualTo(2);
        loaded.close();
    }

    @Test
    void toAskWhetherAVersionIsThereIsNoUseOfIt() {
        new IrisVersions(client, NAME.value()).train();
        List<ModelVersion> versions = versions();
        var loaded = roomForTwo();
        loaded.load(versions.get(0));
        loaded.load(versions.get(1));
        assertThat(loaded.isLoaded(NAME, 1)).isTrue();

        loaded.load(versions.get(2));

        assertThat(loaded.isLoaded(NAME, 1)).isFalse();
        assertThat(loaded.isLoaded(NAME, 2)).isTrue();
        loaded.close();
    }

    private List<ModelVersion> versions() {
        return models.numbers(NAME).stream().map(each -> models.require(NAME, each)).toList();
    }

    private LoadedModels roomForTwo() {
        return new LoadedModels(
                loader,
                new ServingSettings(
                        settings.device(),
                        settings.threads(),
                        new ServingSettings.Memory(null, 2, List.of()),
                        settings.request(),
                        settings.batch(),
                        settings.models()));
    }
}
